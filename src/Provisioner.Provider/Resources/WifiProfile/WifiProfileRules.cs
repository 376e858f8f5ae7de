using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>What can be wrong with the inputs of a profile. No reason quotes a password.</summary>
internal static class WifiProfileRules
{
    // Linux's IFNAMSIZ leaves 15 characters.
    private const int InterfaceNameLength = 15;

    public static ImmutableArray<Rule<WifiProfileArgs>> All { get; } =
    [
        Rule<WifiProfileArgs>.Of(args => Ssid.TryParse(args.Ssid, out _, out var reason) ? null : reason, nameof(WifiProfileArgs.Ssid)),
        Rule<WifiProfileArgs>.Of(args => args.Name is null ? null : ProfileName.Problem(args.Name), nameof(WifiProfileArgs.Name)),
        Rule<WifiProfileArgs>.Of(PasswordProblem, nameof(WifiProfileArgs.Password), nameof(WifiProfileArgs.Security)),
        Rule<WifiProfileArgs>.Of(
            args => args.Priority is >= -899 and <= 999 ? null : $"must be from -899 to 999, but is {args.Priority}; NetworkManager joins the network with the highest number",
            nameof(WifiProfileArgs.Priority)),
        Rule<WifiProfileArgs>.Of(
            args => args.RollbackAfter is >= 30 and <= 900 ? null : $"must be from 30 to 900 seconds, but is {args.RollbackAfter}: joining a network takes up to 20",
            nameof(WifiProfileArgs.RollbackAfter)),
        Rule<WifiProfileArgs>.Of(args => InterfaceProblem(args.InterfaceName), nameof(WifiProfileArgs.InterfaceName)),
        Rule<WifiProfileArgs>.Of(args => BssidProblem(args.Bssid), nameof(WifiProfileArgs.Bssid)),
        Rule<WifiProfileArgs>.Of(args => IpSettings.Problem("ipv4", args.Ipv4), nameof(WifiProfileArgs.Ipv4)),
        Rule<WifiProfileArgs>.Of(args => IpSettings.Problem("ipv6", args.Ipv6), nameof(WifiProfileArgs.Ipv6)),
        Rule<WifiProfileArgs>.Of(
            args => args is { Ipv4.Method: WifiIpMethod.Disabled, Ipv6.Method: WifiIpMethod.Disabled } ? "is disabled, and so is ipv6: the device would have no address at all" : null,
            nameof(WifiProfileArgs.Ipv4), nameof(WifiProfileArgs.Ipv6)),
    ];

    private static string? PasswordProblem(WifiProfileArgs args) => (args.Security, args.Password) switch
    {
        (WifiSecurity.Open, null) => null,
        (WifiSecurity.Open, _) => "is given, but security is \"open\"; leave one of the two out",
        (_, null or "") => "is missing; set it as a secret (./provision config set --secret), or set security to \"open\" for a network that has none",
        (WifiSecurity.Sae, var password) => password.Any(c => c is '\n' or '\r' or '\0') || !IsWellFormed(password)
            ? "has a line break or another character in it that no password can have; check how it was pasted"
            : null,
        (_, var password) => WpaKey.Problem(password),
    };

    private static bool IsWellFormed(string text)
    {
        try
        {
            _ = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text);
            return true;
        }
        catch (System.Text.EncoderFallbackException)
        {
            return false;
        }
    }

    private static string? BssidProblem(string? bssid) =>
        bssid is null || (bssid.Split(':') is { Length: 6 } parts && parts.All(part => part.Length == 2 && part.All(char.IsAsciiHexDigit)))
            ? null
            : $"must be the hardware address of an access point, such as aa:bb:cc:dd:ee:ff, but is \"{bssid}\"; on the device, nmcli -f BSSID,SSID device wifi list shows it";

    private static string? InterfaceProblem(string? name) =>
        name is null || (name.Length is > 0 and <= InterfaceNameLength && name is not ("." or "..") && name.All(c => c is > ' ' and <= '~' and not ('/' or ':' or '\\')))
            ? null
            : $"must be a network interface such as wlan0 (1 to {InterfaceNameLength} characters, no blank, no slash); leave it out to use any";
}
