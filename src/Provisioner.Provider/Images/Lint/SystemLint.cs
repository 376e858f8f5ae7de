using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Provisioner.Provider.Images.Lint;

/// <summary>The services without which nobody ever gets in.</summary>
internal static partial class SystemLint
{
    private static readonly string[] Supplicants = ["wpa_supplicant.service", "iwd.service"];
    private static readonly string[] Sshd = ["sshd.service", "ssh.service", "sshd.socket", "ssh.socket"];

    public static IEnumerable<LintFinding> Check(ImageBoard board, Ext4Reader files, SystemTree tree, ImmutableArray<string>.Builder contents)
    {
        if (tree.Unit(files, "NetworkManager.service") is null || !tree.IsWanted(files, "NetworkManager.service"))
        {
            yield return new LintFinding("networkmanager", "NetworkManager is not there, or nothing starts it", "the identity card's WiFi profile lies there and nobody reads it");
        }

        if (!HasSupplicant(files, tree))
        {
            yield return new LintFinding(
                "supplicant",
                "there is no WiFi supplicant (wpa_supplicant or iwd) for NetworkManager; a forced networking.wireless.enable = false does that since NixOS 26.05",
                "NetworkManager sees the network, cannot log in to it, and says so to nobody");
        }

        foreach (var finding in SshdFindings(files, tree))
        {
            yield return finding;
        }

        var card = tree.Unit(files, "identity-card.service");
        if (card is null || !tree.IsWanted(files, "identity-card.service"))
        {
            yield return new LintFinding(
                "card-unit", "there is no identity-card.service that is started", "the card's WiFi, host key and login keys stay in their partition: the Pi is offline, and nobody could log in");
        }
        else if (!Precedes(card, "NetworkManager.service") || !(Precedes(card, "sshd.service") || Precedes(card, "ssh.service")))
        {
            yield return new LintFinding(
                "card-unit", "identity-card.service is not started before sshd and NetworkManager", "some boots are quick enough and some are not: sshd makes a key of its own, and the pinned one is refused");
        }

        if (board == ImageBoard.Pi4 || tree.Name == "NixOS")
        {
            contents.Add("NetworkManager with its supplicant, sshd with keys only, and the identity card's unit");
        }
    }

    private static bool HasSupplicant(Ext4Reader files, SystemTree tree) => Supplicants.Any(name =>
        tree.Unit(files, name) is { } unit && Start().Match(unit) is { Success: true } start && files.Find(start.Groups["program"].Value) is { IsFile: true });

    private static IEnumerable<LintFinding> SshdFindings(Ext4Reader files, SystemTree tree)
    {
        if (!Sshd.Any(name => tree.Unit(files, name) is not null && tree.IsWanted(files, name)))
        {
            yield return new LintFinding("sshd", "there is no sshd that is started", "the Pi joins the WiFi, answers a ping, and lets nobody in");
        }
        else if (!tree.SshdConfig.Any(path => PasswordsOff().IsMatch(files.Text(path))))
        {
            yield return new LintFinding("sshd", "sshd's configuration does not turn passwords off", "whoever is in the WiFi may guess passwords at leisure");
        }
    }

    private static bool Precedes(string unit, string other) =>
        Before().Matches(unit).SelectMany(match => match.Groups["units"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Contains(other, StringComparer.Ordinal);

    [GeneratedRegex(@"^Before=(?<units>.*)$", RegexOptions.Multiline)]
    private static partial Regex Before();

    [GeneratedRegex(@"^ExecStart=[-@:+!|]*(?<program>/\S+)", RegexOptions.Multiline)]
    private static partial Regex Start();

    [GeneratedRegex(@"^[ \t]*PasswordAuthentication[ \t]+no\b", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex PasswordsOff();
}
