using System.Text;
using System.Text.RegularExpressions;
using Provisioner.Provider.Flakes.Secrets;

namespace Provisioner.Provider.Images.Lint;

/// <summary>
/// Secrets where configurations put them: the texts on the firmware partition, /etc, /root and /home, and in a Nix store the
/// single files, units, configuration trees and copied sources. Packages are left out: their examples and tests are full of keys
/// that are nobody's.
/// </summary>
internal static partial class SecretLint
{
    private const int Largest = 1 << 20;
    private const int Deepest = 7;

    public static IEnumerable<LintFinding> Check(Ext4Reader files, FirmwareVolume? firmware)
    {
        foreach (var (path, text) in firmware?.Contents.AsEnumerable() ?? [])
        {
            foreach (var finding in Of($"{path} on the firmware partition", path, Encoding.UTF8.GetBytes(text)))
            {
                yield return finding;
            }
        }

        var store = files.List("/nix/store").Where(entry => entry.Node.IsFile || Configuration().IsMatch(entry.Name)).Select(entry => "/nix/store/" + entry.Name);
        var (entered, read) = (new HashSet<uint>(), new HashSet<uint>());
        foreach (var (path, node) in store.Concat(["/etc", "/root", "/home", "/usr/local", "/var/lib/iwd", "/var/lib/NetworkManager"]).SelectMany(path => files.Walk(path, Deepest, entered)))
        {
            // The same file under another name says the same.
            if (node is { IsFile: true, Size: <= Largest } && read.Add(node.Inode))
            {
                foreach (var finding in Of(path, path, files.Read(node, Largest)))
                {
                    yield return finding;
                }
            }
        }
    }

    // What programs bring along has passwords in it that are nobody's; a network's is somebody's.
    private static IEnumerable<LintFinding> Of(string where, string path, byte[] content) =>
        SecretScanner.Scan(new MemoryStream(content), path)
            .Where(hit => hit.Certainty == SecretCertainty.Certain || (hit.Kind == SecretKind.WifiPassword && hit.Certainty == SecretCertainty.Likely))
            .Select(hit => new LintFinding(
            "secret",
            $"{where} holds {SecretFinding.Words(hit.Kind)} in line {hit.Line}: {hit.Reason}",
            hit.Kind is SecretKind.WifiPassword or SecretKind.Token
                ? "it works, and it is on every copy of the image and in every store and cache that it went through"
                : "every Pi of this image has the same key, and whoever has the image can pass for any of them"));

    [GeneratedRegex(@"^[a-z0-9]{32}-(etc|etc-.*|unit-.*|system-units|(.*-)?source|.*\.(conf|nmconnection|psk|nix))$")]
    private static partial Regex Configuration();
}
