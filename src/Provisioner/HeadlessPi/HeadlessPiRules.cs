using Pulumi;

namespace Provisioner;

/// <summary>Which parts of a <see cref="HeadlessPi"/> go together.</summary>
internal static class HeadlessPiRules
{
    /// <summary>Says all that does not, each with the way out, before any part is registered.</summary>
    /// <exception cref="RunException">Something does not. Of all exceptions it is the one that is shown without a stack trace.</exception>
    public static void Require(string name, HeadlessPiArgs args)
    {
        var problems = Problems(args).ToList();
        if (problems.Count > 0)
        {
            throw new RunException($"The HeadlessPi '{name}' cannot be made of what it is given:\n{string.Join('\n', problems.Select(problem => "  " + problem))}");
        }
    }

    private static IEnumerable<string> Problems(HeadlessPiArgs args)
    {
        foreach (var (argument, isThere) in Needed(args).Where(need => !need.IsThere))
        {
            yield return $"{argument} is missing: set it.";
        }

        if (args is { Card: not null, HostKey: not null })
        {
            yield return "Card and HostKey are both set: a card gives the Pi the host key that the stack makes, so it cannot be pinned to another one. Leave HostKey out for a Pi that boots from that card, or Card for a machine that runs already.";
        }

        switch (args)
        {
            case { System: not null, Ssd: null, HostKey: null }:
                yield return "System is set, with nothing to install it to and no machine that runs it: set Ssd for a Pi that is to be installed, or HostKey, the machine's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub says it there), for one that runs NixOS already.";
                break;
            case { System: not null, Ssd: not null, HostKey: not null }:
                yield return "System, Ssd and HostKey are all set: a system that is installed gets the host key that the stack makes. Leave HostKey out to install it, and boot the Pi from a card with the stack's identity; or leave Ssd out for a machine that runs NixOS already.";
                break;
        }

        if (args is { Installation: not null, Ssd: null })
        {
            yield return "Installation is set, and nothing is ever installed without an SSD: set Ssd, or leave Installation out.";
        }

        if (args.Ssd is not null && args.Datasets.Keys.FirstOrDefault(kept => args.Keep.Contains(kept) && HeadlessPi.Above(kept, args.Datasets.Keys).Any(above => !args.Keep.Contains(above))) is { } lost)
        {
            yield return $"Keep has the dataset '{lost}', which lies below one that begins anew with each installation: add that to Keep too, or give '{lost}' a place of its own.";
        }
    }

    private static IEnumerable<(string Argument, bool IsThere)> Needed(HeadlessPiArgs args) =>
    [
        ("Hostname", args.Hostname is not null),
        ("Address", args.Address is not null),
        .. args.Card is { } card ? [("Card.Target", card.Target is not null), ("Card.AuthorizedKeys", card.AuthorizedKeys is not null), ("Card.Image", card.Image is not null)] : Array.Empty<(string, bool)>(),
        .. args.Wifi is { } wifi ? [("Wifi.Ssid", wifi.Ssid is not null)] : Array.Empty<(string, bool)>(),
        .. args.Ssd is { } ssd ? [("Ssd.ById, the SSD's name in /dev/disk/by-id,", ssd.ById is not null), ("Ssd.Serial", ssd.Serial is not null)] : Array.Empty<(string, bool)>(),
        .. args.System is { } system ? [("System.Flake", system.Flake is not null)] : Array.Empty<(string, bool)>(),
    ];
}
