using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Tests.Resources;

public sealed class WifiInputTests
{
    private static readonly WifiProfileArgs Good = new() { Device = "local:", Ssid = "Lamp Home", Password = "correct horse under the lamp" };

    [Fact]
    public void The_key_is_the_one_that_access_points_derive() =>
        WpaKey.Derive("SuperSecret", SsidOf("Home WiFi")).ShouldBe("06da5e931ced44deb315646056868061dc41fa9a0703456cedac038315357670");

    [Fact]
    public void The_standards_own_vectors_hold()
    {
        // IEEE 802.11-2020, J.4.2.
        WpaKey.Derive("password", SsidOf("IEEE")).ShouldBe("f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e");
        WpaKey.Derive("ThisIsAPassword", SsidOf("ThisIsASSID")).ShouldBe("0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af");
    }

    [Fact]
    public void Sixty_four_hex_digits_are_the_key_itself() =>
        WpaKey.Derive(new string('A', 64), SsidOf("x")).ShouldBe(new string('a', 64));

    [Fact]
    public void Good_inputs_have_no_failures() => Failures(Good).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("line\nbreak in it")]
    [InlineData("accénted password")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    [InlineData("zz23456789012345678901234567890123456789012345678901234567890123")]
    public void A_password_that_WPA2_refuses_is_refused_without_being_quoted(string password)
    {
        var failure = Failures(Good with { Password = password }).ShouldHaveSingleItem();
        failure.ShouldMatch("^Password (is missing; set it|.*wants 8 to 63|.*only printable ASCII)");
        if (password.Length > 0)
        {
            failure.ShouldNotContain(password);
        }
    }

    [Fact]
    public void A_network_name_has_at_most_32_bytes_not_letters()
    {
        Failures(Good with { Ssid = new string('x', 32) }).ShouldBeEmpty();
        Failures(Good with { Ssid = string.Concat(Enumerable.Repeat("💡", 8)) }).ShouldBeEmpty();
        Failures(Good with { Ssid = new string('x', 33) }).ShouldHaveSingleItem().ShouldContain("33 bytes");
        Failures(Good with { Ssid = new string('é', 17) }).ShouldHaveSingleItem().ShouldContain("34 bytes");
        Failures(Good with { Ssid = "" }).ShouldHaveSingleItem().ShouldContain("empty");
    }

    [Fact]
    public void A_network_name_may_hold_a_line_break() => Failures(Good with { Ssid = " a\nb;$\\" }).ShouldBeEmpty();

    [Fact]
    public void An_open_network_has_to_be_asked_for()
    {
        Failures(Good with { Password = null }).ShouldHaveSingleItem().ShouldContain("\"open\"");
        Failures(Good with { Password = null, Security = WifiSecurity.Open }).ShouldBeEmpty();
        Failures(Good with { Security = WifiSecurity.Open }).ShouldHaveSingleItem().ShouldContain("leave one of the two out");
    }

    [Fact]
    public void WPA3_takes_a_password_of_any_length_but_no_line_break()
    {
        Failures(Good with { Security = WifiSecurity.Sae, Password = "x" }).ShouldBeEmpty();
        Failures(Good with { Security = WifiSecurity.Sae, Password = "é" + new string('y', 100) }).ShouldBeEmpty();
        Failures(Good with { Security = WifiSecurity.Sae, Password = "a\nb" }).ShouldHaveSingleItem().ShouldContain("line break");
    }

    [Theory]
    [InlineData("../../etc/shadow")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("x.nmconnection")]
    [InlineData("trailing ")]
    [InlineData("-rf")]
    [InlineData("")]
    public void A_name_that_is_no_safe_file_name_is_refused(string name) => Failures(Good with { Name = name }).ShouldHaveSingleItem().ShouldStartWith("Name");

    [Theory]
    [InlineData("Lamp Home", "Lamp Home")]
    [InlineData("lamp", "lamp")]
    public void A_harmless_network_name_names_its_file(string ssid, string file) => SsidOf(ssid).ToFileName().ShouldBe(file);

    [Property]
    public Property Every_network_name_gives_a_safe_file_name_of_its_own() => Prop.ForAll(
        ProfileGenerator.Names.Two().ToArbitrary(),
        pair => ProfileName.Problem(SsidOf(pair.Item1).ToFileName()) is null
            && (pair.Item1 == pair.Item2) == (SsidOf(pair.Item1).ToFileName() == SsidOf(pair.Item2).ToFileName()));

    [Fact]
    public void The_uuid_survives_another_password_and_another_priority_but_not_another_network()
    {
        Good.UuidOf().ShouldBe((Good with { Password = "another password", Priority = 5, Security = WifiSecurity.Sae }).UuidOf());
        Good.UuidOf().ShouldNotBe((Good with { Ssid = "Lamp Hom" }).UuidOf());
        Good.UuidOf().ShouldNotBe((Good with { Name = "other" }).UuidOf());
        Good.UuidOf().Version.ShouldBe(5);
    }

    [Fact]
    public void The_house_password_is_in_no_keyfile_of_WPA2()
    {
        var file = Encoding.UTF8.GetString(Keyfile.Write(Good.StateOf().ContentOf()));
        file.ShouldNotContain(Good.Password!);
        file.ShouldContain($"psk={Good.KeyOf()}\n");
    }

    public static TheoryData<string, string, string?, string?> BadAddresses => new()
    {
        { "192.168.1.30", "manual", null, "192.168.1.30/24" },
        { "192.168.1.30/33", "manual", null, "192.168.1.30/24" },
        { "192.168.1.30/0", "manual", null, "192.168.1.30/24" },
        { "192.168.257/24", "manual", null, "192.168.1.30/24" },
        { "192.168.1.030/24", "manual", null, "192.168.1.30/24" },
        { "fd00::30/64", "manual", null, "192.168.1.30/24" },
        { "192.168.1.30/24", "disabled", null, "set method to manual" },
        { "192.168.1.30/24", "manual", "fd00::1", "must be an IPv4 address" },
        { "", "manual", null, "no addresses" },
        { "", "auto", "192.168.1.1", "only beside an address" },
    };

    [Theory]
    [MemberData(nameof(BadAddresses))]
    public void An_address_that_NetworkManager_would_not_take_is_named_with_the_way_out(string address, string method, string? gateway, string? said)
    {
        var ip = new WifiIp { Addresses = address.Length == 0 ? [] : [address], Method = Enum.Parse<WifiIpMethod>(method, ignoreCase: true), Gateway = gateway };

        Failures(Good with { Ipv4 = ip }).ShouldHaveSingleItem().ShouldSatisfyAllConditions(failure => failure.ShouldStartWith("Ipv4"), failure => failure.ShouldContain(said!));
    }

    [Fact]
    public void Name_servers_and_domains_are_looked_at_too()
    {
        Failures(Good with { Ipv4 = new WifiIp { Dns = ["dns.example.org"] } }).ShouldHaveSingleItem().ShouldContain("\"dns.example.org\"");
        Failures(Good with { Ipv4 = new WifiIp { DnsSearch = ["a;b"] } }).ShouldHaveSingleItem().ShouldContain("\"a;b\"");
        Failures(Good with { Ipv6 = new WifiIp { Method = WifiIpMethod.Disabled, Dns = ["fd00::1"] } }).ShouldHaveSingleItem().ShouldContain("is disabled");
        Failures(Good with { Ipv4 = new WifiIp { Method = WifiIpMethod.Disabled }, Ipv6 = new WifiIp { Method = WifiIpMethod.Disabled } }).ShouldHaveSingleItem().ShouldContain("no address at all");
    }

    [Theory]
    [InlineData("aa:bb:cc:dd:ee")]
    [InlineData("aa-bb-cc-dd-ee-ff")]
    [InlineData("")]
    [InlineData("aa:bb:cc:dd:ee:fg")]
    public void An_access_point_is_named_by_its_hardware_address(string bssid) => Failures(Good with { Bssid = bssid }).ShouldHaveSingleItem().ShouldStartWith("Bssid must be the hardware address");

    private static IEnumerable<string> Failures(WifiProfileArgs args) => WifiProfileRules.All
        .Select(rule => (Name: rule.Properties[0], Problem: rule.Problem(args)))
        .Where(pair => pair.Problem is not null)
        .Select(pair => $"{pair.Name} {pair.Problem}");

    private static Ssid SsidOf(string text)
    {
        Ssid.TryParse(text, out var ssid, out var reason).ShouldBeTrue(reason);
        return ssid!;
    }
}
