using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Flakes.Secrets;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.HostIdentity;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>What can be wrong with the inputs of a system. No reason quotes a key.</summary>
internal static class NixosSystemRules
{
    public static ImmutableArray<Rule<NixosSystemArgs>> All { get; } =
    [
        Rule<NixosSystemArgs>.Of(
            args => (args.Flake, args.StorePath) switch
            {
                (null, null) => "is missing; give the folder that holds flake.nix, or the storePath of a system built already",
                ({ }, { }) => "and storePath are both given; leave one of them out",
                _ => null,
            },
            nameof(NixosSystemArgs.Flake), nameof(NixosSystemArgs.StorePath)),
        Rule<NixosSystemArgs>.Of(args => SystemAttribute.Problem(args.Attribute), nameof(NixosSystemArgs.Attribute)),
        Rule<NixosSystemArgs>.Of(args => args.StorePath is null ? null : StorePathProblem(args.StorePath), nameof(NixosSystemArgs.StorePath)),
        Rule<NixosSystemArgs>.Of(args => NixBuilderRules.HostProblem(args.BuilderHost, args.Builder == NixosSystemBuilder.Ssh), nameof(NixosSystemArgs.BuilderHost), nameof(NixosSystemArgs.Builder)),
        Rule<NixosSystemArgs>.Of(args => NixBuilderRules.OptionsProblem(args.NixOptions), nameof(NixosSystemArgs.NixOptions)),
        Rule<NixosSystemArgs>.Of(
            args => args.Substituters.Select(SubstituterProblem).FirstOrDefault(problem => problem is not null), nameof(NixosSystemArgs.Substituters)),
        Rule<NixosSystemArgs>.Of(
            args => args.AcceptedFindings.Select(SecretToken.Problem).FirstOrDefault(problem => problem is not null), nameof(NixosSystemArgs.AcceptedFindings)),
        Rule<NixosSystemArgs>.Of(
            PlaceProblem,
            nameof(NixosSystemArgs.Pool), nameof(NixosSystemArgs.PoolGuid), nameof(NixosSystemArgs.BootPartition), nameof(NixosSystemArgs.Installation), nameof(NixosSystemArgs.HostKey)),
        Rule<NixosSystemArgs>.Of(
            args => args.PoolGuid is null || args.PoolGuid.Length is > 0 and <= 20 && args.PoolGuid.All(char.IsAsciiDigit) ? null : $"must be a pool's GUID, a number such as 12683243457841853126, but is '{args.PoolGuid}'; take it from the guid output of a ZfsPool",
            nameof(NixosSystemArgs.PoolGuid)),
        Rule<NixosSystemArgs>.Of(args => args.Installation is { } name ? ZfsNames.InstallationProblem(name) : null, nameof(NixosSystemArgs.Installation)),
        Rule<NixosSystemArgs>.Of(args => DatasetsProblem(args.Datasets), nameof(NixosSystemArgs.Datasets)),
        Rule<NixosSystemArgs>.Of(
            args => args.BootPartition is null || args.BootPartition.StartsWith("/dev/disk/by-partuuid/", StringComparison.Ordinal) || args.BootPartition.StartsWith("/dev/disk/by-id/", StringComparison.Ordinal)
                ? null
                : $"must be a name that stays, in /dev/disk/by-partuuid or /dev/disk/by-id, but is '{args.BootPartition}': names such as sda1 are another partition after the next boot, and labels may be on another disk too",
            nameof(NixosSystemArgs.BootPartition)),
        Rule<NixosSystemArgs>.Of(args => args.Hostname is null ? null : HostName.Problem(args.Hostname), nameof(NixosSystemArgs.Hostname)),
        Rule<NixosSystemArgs>.Of(args => args.HostId is null ? null : HostIdentity.HostId.Problem(args.HostId), nameof(NixosSystemArgs.HostId)),
        Rule<NixosSystemArgs>.Of(args => args.Country is null ? null : Flakes.HostValues.CountryProblem(args.Country), nameof(NixosSystemArgs.Country)),
        Rule<NixosSystemArgs>.Of(args => args.TimeZone is null ? null : Flakes.HostValues.TimeZoneProblem(args.TimeZone), nameof(NixosSystemArgs.TimeZone)),
        Rule<NixosSystemArgs>.Of(args => args.AuthorizedKeys.Select(Cards.AuthorizedKey.Problem).FirstOrDefault(problem => problem is not null), nameof(NixosSystemArgs.AuthorizedKeys)),
        Rule<NixosSystemArgs>.Of(args => args.HostKey is null ? null : HostIdentity.HostKey.Parse(args.HostKey, "").Reason, nameof(NixosSystemArgs.HostKey)),
        Rule<NixosSystemArgs>.Of(
            args => args.KeepGenerations is >= 2 and <= 50 ? null : $"must be from 2 to 50, but is {args.KeepGenerations}: the one that worked before is kept in any case",
            nameof(NixosSystemArgs.KeepGenerations)),
        Rule<NixosSystemArgs>.Of(
            args => args.RollbackAfter is >= 60 and <= 3600 ? null : $"must be from 60 to 3600 seconds, but is {args.RollbackAfter}: stopping and starting services takes a Pi a minute or more",
            nameof(NixosSystemArgs.RollbackAfter)),
    ];

    /// <summary>Where a system is installed to is known as a whole, or not at all: then the machine runs one already.</summary>
    private static string? PlaceProblem(NixosSystemArgs args)
    {
        if (!args.TakesOver)
        {
            var missing = new[] { ("pool", args.Pool), ("poolGuid", args.PoolGuid), ("bootPartition", args.BootPartition) }.Where(input => input.Item2 is null).Select(input => input.Item1).ToList();
            return missing.Count == 0 ? null
                : $"goes with poolGuid and bootPartition, and {string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")} not given; give all three of what the system is installed to, or none for a machine that runs NixOS already";
        }

        return args.Installation is not null ? "is not given, so the system is never installed, and installation has no meaning; leave that out, or give pool, poolGuid and bootPartition"
            : args.HostKey is not null ? "is not given, so the machine runs already and keeps its own host key; leave hostKey out, or give pool, poolGuid and bootPartition"
            : null;
    }

    private static string? StorePathProblem(string path) =>
        path.StartsWith("/nix/store/", StringComparison.Ordinal) && path.Length > 44 && path[11..].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+' or '?' or '=')
            ? null
            : $"must be a path such as /nix/store/…-nixos-system-lamp, but is '{path}'";

    private static string? SubstituterProblem(KeyValuePair<string, string> cache) =>
        !Uri.TryCreate(cache.Key, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http" or "file" or "s3") || cache.Key.Contains(' ', StringComparison.Ordinal)
            ? $"has '{cache.Key}', which is no address of a binary cache, such as https://nixos-raspberrypi.cachix.org"
            : cache.Value.Split(':') is [{ Length: > 0 }, var key] && key.Length == 44 && !cache.Value.Contains(' ', StringComparison.Ordinal)
                ? null
                : $"has no public key for {cache.Key}; write it as name:base64, as the cache shows it, because what is not signed is not taken";

    private static string? DatasetsProblem(ImmutableSortedDictionary<string, string> datasets)
    {
        if (!datasets.ContainsKey("/"))
        {
            return "has nothing for the mount point /";
        }

        var odd = datasets.FirstOrDefault(entry => !entry.Key.StartsWith('/') || (entry.Key.Length > 1 && entry.Key.EndsWith('/'))
            || entry.Key.Split('/').Any(part => part is "." or "..") || entry.Key.Contains("//", StringComparison.Ordinal) || entry.Key is "/boot"
            || entry.Key.Any(c => c <= ' ' || c is '\\') || entry.Value.Length == 0 || entry.Value.StartsWith('/') || entry.Value.Any(c => c <= ' ' || c is '@' or '#'));
        return odd.Key is null ? null : $"has '{odd.Key}' with '{odd.Value}'; write a mount point such as /home with the path below the pool such as home (/boot is the bootPartition)";
    }
}
