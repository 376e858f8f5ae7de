using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>A Pi as an inspection finds it, with the bootstrap profile and, unless a test says otherwise, ours in use.</summary>
internal static class WifiFacts
{
    public const string Etc = "/etc/NetworkManager/system-connections/";

    public static readonly Guid Bootstrap = new("b0075742-0000-4000-8000-000000000001");

    public static readonly WifiProfileArgs Args = new() { Device = "ssh://root@lamp:22?hostKey=SHA256:x", Ssid = "Lamp Home", Password = "correct horse under the lamp" };

    public static readonly DigestKey Key = DigestKey.Create(RandomNumberGenerator.Fill);

    public static WifiProfileState Written => ProfileObserver.Observe(Args, null, Pi());

    /// <summary>Ours as it was written.</summary>
    public static ProfileFile Ours => FileOf(Args.StateOf().ContentOf(), Etc + "Lamp Home.nmconnection");

    public static DeviceFacts Pi(ProfileFile? ours, params ProfileFile[] others) => Pi() with
    {
        Profiles = [.. ours is null ? [] : new[] { ours }, BootstrapFile, .. others],
    };

    public static DeviceFacts Pi(Guid? active = null) => new()
    {
        Account = new Account(0, "root"),
        HostName = "lamp",
        BootId = "boot",
        Os = new OperatingSystemFacts("nixos", "26.05", "NixOS 26.05", null, true, "6.12.34", "aarch64"),
        Board = new BoardFacts("Raspberry Pi 4 Model B Rev 1.5", "10000000abcdef01", "device-tree"),
        Boot = new BootFacts("/dev/mmcblk0p2", "ext4", 1, Incarnation.Bootstrap, false),
        Kexec = new KexecFacts(true, false, "spin-table", []),
        Watchdog = new WatchdogFacts(null, null, null),
        DigestKey = Key,
        Profiles = [Ours, BootstrapFile],
        Network = new NetworkFacts(
            true,
            "00",
            "wlan0",
            [new NetworkDevice("wlan0", "wifi", "connected", active ?? Args.UuidOf())],
            [
                Connection(Args.UuidOf(), 100, Ours.Path, (active ?? Args.UuidOf()) == Args.UuidOf()),
                Connection(Bootstrap, -100, BootstrapFile.Path, active == Bootstrap),
            ],
            [new AccessPoint(Args.SsidOf(), 80, "WPA2")]),
    };

    public static ProfileFile FileOf(ProfileContent content, string path) => new(
        path, 0x8180, 0, 0, 500,
        Keyfile.Entries(content).Where(entry => entry.Key != "psk").ToImmutableSortedDictionary(entry => $"{entry.Section}.{entry.Key}", entry => entry.Value, StringComparer.Ordinal),
        content.Key is null ? [] : ["wifi-security.psk"],
        Key.Digest(Encoding.UTF8.GetBytes(Keyfile.EscapeString(content.Key ?? "")))) { Ssid = content.Ssid };

    public static ProfileFile Other(string path, int priority, Guid? uuid = null) =>
        FileOf(Args.StateOf().ContentOf() with { Name = "other", Uuid = uuid ?? Guid.Parse("0de00000-0000-4000-8000-000000000001"), Priority = priority }, path);

    private static ProfileFile BootstrapFile => FileOf(Args.StateOf().ContentOf() with { Name = "bootstrap", Uuid = Bootstrap, Priority = -100 }, Etc + "bootstrap.nmconnection");

    private static NetworkConnection Connection(Guid uuid, int priority, string file, bool active) =>
        new(uuid, "802-11-wireless", true, priority, active, active ? "wlan0" : "", file);
}
