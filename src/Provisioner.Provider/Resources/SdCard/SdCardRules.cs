using System.Collections.Immutable;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Cards.Writing;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.HostIdentity;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>What can be wrong with the inputs of a card. No reason quotes a secret.</summary>
internal static class SdCardRules
{
    private const int DigestLength = 64;
    private const int HostIdLength = 8;
    private const int MostNetworks = 50;

    public static ImmutableArray<Rule<SdCardArgs>> All { get; } =
    [
        Rule<SdCardArgs>.Of(args => ImageSource.Problem(args.Image), nameof(SdCardArgs.Image)),
        Rule<SdCardArgs>.Of(
            args => args.ImageSha256.Length == DigestLength && args.ImageSha256.All(char.IsAsciiHexDigit) ? null : $"'{args.ImageSha256}' is no SHA-256 of 64 hex digits; take what this prints: sha256sum '{args.Image}'",
            nameof(SdCardArgs.ImageSha256)),
        Rule<SdCardArgs>.Of(TargetProblem, nameof(SdCardArgs.Target), nameof(SdCardArgs.Image)),
        Rule<SdCardArgs>.Of(args => HostName.Problem(args.Hostname), nameof(SdCardArgs.Hostname)),
        Rule<SdCardArgs>.Of(args => HostKey.Parse(args.HostKey, "").Reason, nameof(SdCardArgs.HostKey)),
        Rule<SdCardArgs>.Of(
            args => args.HostId.Length == HostIdLength && args.HostId.All(char.IsAsciiHexDigit) && args.HostId.Any(digit => digit != '0')
                ? null
                : $"'{args.HostId}' is no host id: eight hex digits, not all zero; take the hostId of a HostIdentity",
            nameof(SdCardArgs.HostId)),
        Rule<SdCardArgs>.Of(LoginProblem, nameof(SdCardArgs.AuthorizedKeys)),
        Rule<SdCardArgs>.Of(NetworkProblem, nameof(SdCardArgs.Networks)),
    ];

    private static string? TargetProblem(SdCardArgs args)
    {
        switch (args.Target)
        {
            case "": return "is empty; give a disk (/dev/disk/by-id/…) or the path of an image file";
            case [.., '/']: return $"'{args.Target}' is a folder; give a disk or the path of a file";
        }

        var target = args.TargetOf();
        return target.Problem is { } problem ? $"'{args.Target}' {problem}"
            : target is { IsDisk: true, Node: null } && args.Target.Contains("-part", StringComparison.Ordinal) ? $"'{args.Target}' is a partition; give the whole disk"
            : IsImage(args, target) ? "is the image itself, which would be overwritten; give another path"
            : null;
    }

    /// <summary>Under whatever name.</summary>
    private static bool IsImage(SdCardArgs args, CardTarget target)
    {
        var image = CardTarget.Of(args.Image);
        return target.Path == image.Path || (target.Node is { } node && node.Identity == image.Node?.Identity);
    }

    private static string? LoginProblem(SdCardArgs args) =>
        args.AuthorizedKeys.IsDefaultOrEmpty
            ? "is empty: nobody could log in; give at least one public key"
            : args.AuthorizedKeys.Select((line, index) => AuthorizedKey.Problem(line) is { } problem ? $"entry {index} {problem}" : null).FirstOrDefault(problem => problem is not null);

    private static string? NetworkProblem(SdCardArgs args)
    {
        if (args.Networks.Length > MostNetworks)
        {
            return $"has {args.Networks.Length} networks, at most {MostNetworks} are allowed";
        }

        if (args.Networks.GroupBy(network => network.Ssid, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            return $"names \"{twice.Key}\" twice; leave one of them out";
        }

        return args.Networks.Select((network, index) => Problem(network) is { } problem ? $"entry {index} {problem}" : null).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>What a WifiProfile would say of the same network.</summary>
    private static string? Problem(CardNetwork network)
    {
        var profile = new WifiProfileArgs { Device = "local:", Ssid = network.Ssid, Password = network.Password, Security = network.Security, Priority = network.Priority };
        return WifiProfileRules.All
            .Select(rule => rule.Problem(profile) is { } problem ? $"(\"{network.Ssid}\"): {WireNames.Camel(rule.Properties[0])} {problem}" : null)
            .FirstOrDefault(problem => problem is not null);
    }
}
