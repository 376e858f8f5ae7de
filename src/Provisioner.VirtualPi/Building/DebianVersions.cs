using Provisioner.VirtualPi.Files;

namespace Provisioner.VirtualPi.Building;

/// <summary>What the mirror serves now.</summary>
/// <param name="Kernel">The kernel's ABI, as in the name of its package: <c>6.12.107+deb13-amd64</c>.</param>
/// <param name="Zfs">The version of the package zfs-dkms: <c>2.3.9-0+deb13u1</c>.</param>
internal sealed record DebianVersions(string Kernel, string Zfs)
{
    public static async Task<DebianVersions> AskAsync(PiHome home, string mirror, string suite, CancellationToken cancellationToken)
    {
        var draft = PrivateFiles.MakeFolder(Path.Combine(home.Artefacts, $".versions-{Guid.NewGuid():N}"));
        try
        {
            var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["MIRROR"] = mirror, ["SUITE"] = suite };
            var log = Path.Combine(home.Logs, "debian-versions.log");
            await BuildScript.RunAsync("Building/Scripts/debian-versions", draft, log, settings, cancellationToken);
            return Parse(await File.ReadAllTextAsync(Path.Combine(draft, "versions"), cancellationToken));
        }
        finally
        {
            Directory.Delete(draft, recursive: true);
        }
    }

    internal static DebianVersions Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new DebianVersions(Value("kernel="), Value("zfs="));

        string Value(string name) => lines.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..];
    }
}
