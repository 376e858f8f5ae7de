namespace Provisioner.Provider.Tests.Remote;

/// <summary>A folder that only we can read, and that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("provisioner-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        File.WriteAllText(this[name], content);
        File.SetUnixFileMode(this[name], mode);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
