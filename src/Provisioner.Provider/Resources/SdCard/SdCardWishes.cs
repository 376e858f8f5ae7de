using System.Collections.Immutable;
using System.Text;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.HostIdentity;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>What follows from the inputs alone.</summary>
internal static class SdCardWishes
{
    // Another name than a WifiProfile of the same network has, so that the two are two, and the card's stays as the way back.
    private const string Prefix = "card-";

    /// <summary>What the target leads to on this machine, now.</summary>
    public static CardTarget TargetOf(this SdCardArgs args) => CardTarget.Of(args.Target);

    /// <summary>The image as a path of this machine.</summary>
    public static string ImagePathOf(this SdCardArgs args) => Path.GetFullPath(HomePath.Expand(args.Image));

    public static string Sha256Of(this SdCardArgs args) => args.ImageSha256.ToLowerInvariant();

    /// <summary>What the card makes of the machine. It holds secrets.</summary>
    public static CardIdentity IdentityOf(this SdCardArgs args)
    {
        var key = HostKey.Parse(args.HostKey, $"root@{args.Hostname}").Key ?? throw new ArgumentException("hostKey is no host key", nameof(args));
        return new CardIdentity(key.PrivateKey, key.PublicKey, args.Hostname, args.HostId, args.AuthorizedKeys, [.. args.Networks.Select(ProfileOf)]);
    }

    public static string FingerprintOf(this SdCardArgs args) => HostKey.Parse(args.HostKey, "").Key?.Fingerprint ?? "";

    /// <summary>The secrets that are derived here, and that the redactor has to know.</summary>
    public static IEnumerable<string> DerivedSecrets(this CardIdentity identity) => [identity.HostKey, .. identity.Networks.Select(network => network.Key).OfType<string>()];

    private static ProfileContent ProfileOf(CardNetwork network)
    {
        var ssid = Ssid.TryParse(network.Ssid, out var parsed, out _) ? parsed : Ssid.FromBytes(Encoding.UTF8.GetBytes(network.Ssid));
        var name = Prefix + ssid.ToFileName();
        var key = network.Security switch
        {
            WifiSecurity.Open => null,
            WifiSecurity.WpaPsk => WpaKey.Derive(network.Password ?? "", ssid),
            _ => network.Password ?? "",
        };
        return new ProfileContent(
            name, NameBasedUuid.Create([.. ssid.Bytes, 0, .. Encoding.UTF8.GetBytes(name)]), ssid, ProfileWishes.KeyManagement(network.Security), key, network.Priority, network.Hidden, InterfaceName: null);
    }
}
