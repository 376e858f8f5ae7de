using CliWrap;
using CliWrap.Buffered;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Flakes.Secrets;

namespace Provisioner.Provider.Tests.Flakes;

/// <summary>A git repository with a flake in it, gone after the test.</summary>
internal sealed class FlakeRepository : IDisposable
{
    private readonly string _top = Directory.CreateTempSubdirectory("provisioner-test-").FullName;

    private FlakeRepository(string folder) => Folder = Path.Combine(_top, folder);

    /// <summary>The flake's folder.</summary>
    public string Folder { get; }

    public static async Task<FlakeRepository> CreateAsync(string folder = "nixos", string flake = "{ outputs = _: { }; }\n")
    {
        var repository = new FlakeRepository(folder);
        await repository.GitAsync("init", "-q", "-b", "main");
        repository.Write("flake.nix", flake);
        await repository.CommitAsync("the flake");
        return repository;
    }

    public void Write(string path, string content)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    public void Delete(string path) => File.Delete(Path.Combine(Folder, path));

    /// <summary>Commits everything that is not ignored; the commit's id.</summary>
    public async Task<string> CommitAsync(string message)
    {
        await GitAsync("add", "-A");
        await GitAsync("commit", "-q", "--allow-empty", "-m", message);
        return (await GitAsync("rev-parse", "HEAD")).Trim();
    }

    public async Task<string> GitAsync(params string[] arguments)
    {
        var result = await Cli.Wrap("git")
            .WithArguments(["-C", _top, "-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgSign=false", .. arguments])
            .ExecuteBufferedAsync();
        return result.StandardOutput;
    }

    public async Task<IReadOnlyList<SecretFinding>> SearchAsync(params string[] acceptedCommits) =>
        await SecretsCheck.SearchAsync(await FlakeFolder.ReadAsync(Folder, default), new AcceptedSecrets([.. acceptedCommits], []), default);

    public void Dispose() => Directory.Delete(_top, recursive: true);
}
