using System.Collections.Immutable;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Resources.HostIdentity;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Tests.Cards;

/// <summary>An identity that is always the same.</summary>
internal static class Identities
{
    public const string WifiKey = "06da5e931ced44deb315646056868061dc41fa9a0703456cedac038315357670";

    public const string Login = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6+7c1Y8nZ3x1mT4mF0c0o5kq4v2B7iR9dGm1uQe2aP me@home";

    public static HostKey Key { get; } = HostKey.Generate(bytes => bytes.Fill(7), "root@lamp");

    public static CardIdentity Lamp { get; } = new(
        Key.PrivateKey,
        Key.PublicKey,
        "lamp",
        "0a0b0c0d",
        [Login],
        [new ProfileContent("card-Home WiFi", new Guid("6f2d5c3e-8a41-5d0b-9f57-2c1f0a7f4d14"), Ssid("Home WiFi"), "wpa-psk", WifiKey, -100, Hidden: false, InterfaceName: null)]);

    public static ImmutableArray<string> Secrets => [.. Key.PrivateKey.Split('\n').Where(line => line.Length > 40), WifiKey];

    private static Ssid Ssid(string name) => Provider.Resources.WifiProfile.Ssid.TryParse(name, out var ssid, out _) ? ssid : throw new ArgumentException(name);
}
