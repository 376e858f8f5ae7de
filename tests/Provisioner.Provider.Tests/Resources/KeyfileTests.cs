using System.Collections.Immutable;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>NetworkManager's own writer and reader, nmcli --offline, is the oracle.</summary>
public sealed class KeyfileTests
{
    private static readonly Guid Uuid = new("2f3a7b30-0000-4000-8000-000000000001");

    public static TheoryData<string> HostileNames =>
    [
        "Lamp Home", "it's \"quoted\"", "$HOME `id` $(id)", "a;b", "12;13;", "1;", "back\\slash", "\\", "a\\;b", "\\\\;", " leading", "trailing ", "   ",
        "line\nbreak", "tab\there", "café", "💡💡💡💡💡💡💡💡", "#hash", "[section]", "a=b", "\u0001\u007f", "abcdefghijklmnopqrstuvwxyz012345", "0x41", "\\s", ";",
    ];

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task A_hostile_network_name_is_written_as_NetworkManager_writes_it(string name) =>
        (await OracleAsync(Profile(name, "longenough"))).ShouldBe(Write(Profile(name, "longenough")));

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void A_hostile_network_name_comes_back_byte_for_byte(string name)
    {
        var ssid = SsidOf(name);
        Keyfile.ReadSsid(Encoding.UTF8.GetBytes(Keyfile.EscapeSsid(ssid)))!.Bytes.ToArray().ShouldBe(ssid.Bytes.ToArray());
    }

    [Theory]
    [InlineData("  two leading")]
    [InlineData("trailing   ")]
    [InlineData("it's \"quoted\"; $HOME `id` \\ #x")]
    [InlineData("\\\\;;\\s\\n")]
    [InlineData("[password]")]
    [InlineData("#password")]
    public async Task A_hostile_password_is_written_as_NetworkManager_writes_it(string password) =>
        (await OracleAsync(Profile("Lamp", password))).ShouldBe(Write(Profile("Lamp", password)));

    [Fact]
    public async Task Every_setting_stands_where_NetworkManager_puts_it()
    {
        var full = Profile("Lamp", "with umlaut ä, for sae") with { KeyManagement = "sae", Hidden = true, InterfaceName = "wlan0", Priority = -5 };
        (await OracleAsync(full)).ShouldBe(Write(full));
        var open = Profile("Lamp", "") with { KeyManagement = null, Key = null, Priority = 0 };
        (await OracleAsync(open)).ShouldBe(Write(open));
    }

    [Theory]
    [InlineData("a", "aa:bb:cc:dd:ee:ff", "disable")]
    [InlineData("bg", null, "enable")]
    [InlineData("", "AA:bb:00:dd:ee:01", "ignore")]
    [InlineData("", null, "default")]
    public async Task What_binds_a_profile_to_a_band_or_an_access_point_stands_where_NetworkManager_puts_it(string band, string? bssid, string powersave)
    {
        var profile = Profile("Lamp", "longenough") with
        {
            Band = band switch { "a" => WifiBand.A, "bg" => WifiBand.Bg, _ => WifiBand.Any },
            Bssid = bssid,
            Powersave = Enum.Parse<WifiPowersave>(powersave, ignoreCase: true),
            Hidden = true,
        };
        List<string> words = ["wifi.powersave", powersave];
        words.AddRange(band.Length == 0 ? [] : ["wifi.band", band]);
        words.AddRange(bssid is null ? [] : ["wifi.bssid", bssid]);

        (await OracleAsync(profile, words)).ShouldBe(Write(profile));
    }

    public static TheoryData<string, string[]> Addresses => new()
    {
        { "one address with a router", ["ipv4.method", "manual", "ipv4.addresses", "192.168.1.30/24", "ipv4.gateway", "192.168.1.1", "ipv4.dns", "192.168.1.1,9.9.9.9", "ipv4.dns-search", "home.arpa,lan"] },
        { "two addresses and no router", ["ipv4.method", "manual", "ipv4.addresses", "192.168.1.30/24,10.0.0.5/8"] },
        { "the network's, and another", ["ipv4.addresses", "10.0.0.5/8"] },
        { "name servers of one's own", ["ipv4.dns", "1.1.1.1", "ipv4.ignore-auto-dns", "yes", "ipv4.dns-search", "~."] },
        { "both versions", ["ipv4.method", "manual", "ipv4.addresses", "192.168.1.30/32", "ipv6.method", "manual", "ipv6.addresses", "FD00:0::30/64", "ipv6.gateway", "fd00::1", "ipv6.dns", "fd00::1,2620:fe::fe"] },
        { "one version off", ["ipv4.method", "link-local", "ipv6.method", "disabled"] },
        { "the other off", ["ipv4.method", "disabled", "ipv6.method", "link-local"] },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Addresses_and_name_servers_are_written_as_NetworkManager_writes_them(string what, string[] words)
    {
        var profile = Profile("Lamp", "longenough") with { Ipv4 = Of("ipv4", words), Ipv6 = Of("ipv6", words) };

        (await OracleAsync(profile, words)).ShouldBe(Write(profile), what);
        IpSettings.Problem("ipv4", profile.Ipv4).ShouldBeNull();
        IpSettings.Problem("ipv6", profile.Ipv6).ShouldBeNull();
    }

    private static WifiIp? Of(string section, string[] words)
    {
        var given = words.Chunk(2).Where(pair => pair[0].StartsWith(section, StringComparison.Ordinal)).ToDictionary(pair => pair[0].Split('.')[1], pair => pair[1]);
        ImmutableArray<string> List(string name) => given.TryGetValue(name, out var list) ? [.. list.Split(',')] : [];
        return given.Count == 0 ? null : new WifiIp
        {
            Method = given.GetValueOrDefault("method") switch { "manual" => WifiIpMethod.Manual, "disabled" => WifiIpMethod.Disabled, "link-local" => WifiIpMethod.LinkLocal, _ => WifiIpMethod.Auto },
            Addresses = List("addresses"),
            Gateway = given.GetValueOrDefault("gateway"),
            Dns = List("dns"),
            DnsSearch = List("dns-search"),
            IgnoreAutoDns = given.ContainsKey("ignore-auto-dns"),
        };
    }

    [Property(MaxTest = 60)]
    public Property Any_name_and_password_are_left_as_they_are_by_NetworkManager() => Prop.ForAll(
        ProfileGenerator.Names.ToArbitrary(),
        ProfileGenerator.Passwords.ToArbitrary(),
        (name, password) =>
        {
            var written = Write(Profile(name, password));
            var rewritten = NmcliAsync(["--offline", "connection", "modify", "connection.zone", ""], written).GetAwaiter().GetResult();
            return rewritten == written;
        });

    [Property(MaxTest = 2000)]
    public Property Any_bytes_of_a_name_survive_writing_and_reading() => Prop.ForAll(
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().Where(bytes => bytes.Length is > 0 and <= 32).ToArbitrary(),
        bytes => Keyfile.ReadSsid(Encoding.UTF8.GetBytes(Keyfile.EscapeSsid(Ssid.FromBytes(bytes))))?.Bytes.SequenceEqual(bytes) == true);

    [Property(MaxTest = 2000)]
    public Property Any_text_survives_escaping() => Prop.ForAll(
        ProfileGenerator.Passwords.ToArbitrary(),
        text => Encoding.UTF8.GetString(Keyfile.Unescape(Encoding.UTF8.GetBytes(Keyfile.EscapeString(text)))!) == text);

    private static ProfileContent Profile(string ssid, string key) => new("a name", Uuid, SsidOf(ssid), "wpa-psk", key, 100, false, null);

    private static Ssid SsidOf(string text)
    {
        Ssid.TryParse(text, out var ssid, out var reason).ShouldBeTrue(reason);
        return ssid!;
    }

    private static string Write(ProfileContent profile) => Encoding.UTF8.GetString(Keyfile.Write(profile));

    /// <summary>A file for the same wishes, made by nmcli from its own arguments.</summary>
    private static Task<string> OracleAsync(ProfileContent profile, IEnumerable<string>? more = null)
    {
        List<string> arguments =
        [
            "--offline", "connection", "add", "type", "wifi", "con-name", profile.Name, "connection.uuid", profile.Uuid.ToString("D"),
            "ssid", profile.Ssid.ToString(), "connection.autoconnect-priority", $"{profile.Priority}", "802-11-wireless.hidden", profile.Hidden ? "yes" : "no",
        ];
        if (profile.InterfaceName is { } name)
        {
            arguments.AddRange(["ifname", name]);
        }

        if (profile.KeyManagement is { } keyManagement)
        {
            arguments.AddRange(["wifi-sec.key-mgmt", keyManagement, "wifi-sec.psk", profile.Key!]);
        }

        return NmcliAsync(arguments.Concat(more ?? []), null);
    }

    private static async Task<string> NmcliAsync(IEnumerable<string> arguments, string? stdin)
    {
        var result = await Cli.Wrap("nmcli").WithArguments(arguments)
            .WithStandardInputPipe(stdin is null ? PipeSource.Null : PipeSource.FromString(stdin, new UTF8Encoding(false)))
            .ExecuteBufferedAsync(Encoding.UTF8);
        return result.StandardOutput;
    }
}

internal static class ProfileGenerator
{
    private static readonly string[] Pieces = [" ", ";", "\\", "\"", "'", "$", "`", "=", "#", "[", "]", "a", "Z", "0", "9", "\\s", "\\;", "12;", "/", "%", "!"];

    /// <summary>1 to 32 bytes, most of them the ones that formats trip over.</summary>
    public static Gen<string> Names => Gen.Elements([.. Pieces, "é", "💡", "\n", "\t"]).ListOf()
        .Select(pieces => string.Concat(pieces)).Where(text => Encoding.UTF8.GetByteCount(text) is > 0 and <= 32);

    /// <summary>8 to 63 printable ASCII characters.</summary>
    public static Gen<string> Passwords => Gen.Elements(Pieces).ListOf().Select(pieces => string.Concat(pieces) + "12345678").Where(text => text.Length <= 63);
}
