using System.Reflection;

namespace Provisioner.VirtualPi.Building;

/// <summary>The scripts and guest files inside this assembly, named by their path in the project.</summary>
internal static class Embedded
{
    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly Assembly Assembly = typeof(Embedded).Assembly;

    /// <summary>All names that begin so, sorted.</summary>
    public static IReadOnlyList<string> Names(string prefix) =>
        [.. Assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static byte[] Content(string name)
    {
        using var stream = Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"No file '{name}' is embedded in {Assembly.GetName().Name}.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>Writes one file; a script becomes executable.</summary>
    public static string Unpack(string name, string path)
    {
        var content = Content(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, content.AsSpan().StartsWith("#!"u8) ? Executable : Plain);
        return path;
    }

    /// <summary>Writes all files below a folder of the project to a folder.</summary>
    public static void UnpackFolder(string prefix, string folder)
    {
        foreach (var name in Names(prefix))
        {
            Unpack(name, Path.Combine(folder, name[prefix.Length..]));
        }
    }
}
