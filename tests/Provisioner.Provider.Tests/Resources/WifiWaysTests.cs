using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>Which connection is the way in, where a device has more than one radio or more than one connection, and what follows from it.</summary>
public sealed class WifiWaysTests
{
    private const string Home = "Home of the neighbours";

    private static readonly Guid Ours = WifiFacts.Args.UuidOf();
    private static readonly Guid Hotspot = new("0a900000-0000-4000-8000-000000000001");
    private static readonly NetworkDevice Ap = new("uap0", "wifi", "connected", Hotspot) { Mode = "AP" };
    private static readonly NetworkDevice Cable = new("eth0", "ethernet", "connected", Guid.Parse("0e000000-0000-4000-8000-000000000000"));

    private static readonly WifiProfileArgs Changed = WifiFacts.Args with { Password = "another password" };

    public static TheoryData<string, string> OwnNetworks => new()
    {
        { "wifi.mode", "ap" },
        { "wifi.mode", "mesh" },
        { "wifi.mode", "adhoc" },
        { "ipv4.method", "shared" },
        { "ipv6.method", "shared" },
    };

    [Theory]
    [MemberData(nameof(OwnNetworks))]
    public void A_network_of_the_device_s_own_is_not_what_it_is_connected_through(string key, string value)
    {
        var state = Observe(WithHotspot(key, value));

        (state.ConnectedThrough, state.ActiveUuid).ShouldBe(("Lamp Home", Ours.ToString()));
        state.Drift.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(OwnNetworks))]
    public void Beside_such_a_network_a_change_goes_under_the_watchdog_and_a_removal_needs_another_way(string key, string value)
    {
        var state = Observe(WithHotspot(key, value));

        WifiProfilePlanner.Plan(Changed, state).Connects.ShouldBeTrue();
        WifiProfileRemoval.Plan(WifiFacts.Args, state).ShouldSatisfyAllConditions(
            plan => plan.Steps.ShouldBeEmpty(),
            plan => plan.Warnings.ShouldHaveSingleItem().ShouldContain("the only way back"));
    }

    [Fact]
    public void Of_a_network_that_lives_in_memory_only_its_interface_tells_what_it_is()
    {
        var facts = WithHotspot("wifi.mode", "ap");
        facts = facts with { Profiles = [WifiFacts.Ours] };

        Observe(facts).ConnectedThrough.ShouldBe("Lamp Home");
        WifiProfileRemoval.Plan(WifiFacts.Args, Observe(facts)).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Who_comes_in_by_the_device_s_own_network_has_no_other_way_in()
    {
        var facts = Through(WithHotspot("ipv4.method", "shared"), "uap0");

        WifiProfileRemoval.Plan(WifiFacts.Args, Observe(facts)).Warnings.ShouldHaveSingleItem().ShouldContain("the only way back");
    }

    [Theory]
    [InlineData("tun")]
    [InlineData("wireguard")]
    [InlineData("bond")]
    [InlineData("loopback")]
    public void What_is_laid_over_another_interface_is_no_other_way_in(string type)
    {
        var facts = Only(WifiFacts.Pi() with { Profiles = [WifiFacts.Ours] });
        facts = Through(facts with { Network = facts.Network with { Devices = [.. facts.Network.Devices, new NetworkDevice("over0", type, "connected", null)] } }, "over0");

        WifiProfileRemoval.Plan(WifiFacts.Args, Observe(facts)).Steps.ShouldBeEmpty();
        WifiProfilePlanner.Plan(Changed, Observe(facts)).Connects.ShouldBeTrue();
    }

    [Fact]
    public void Who_comes_in_by_a_cable_removes_the_profile_without_more_ado()
    {
        var facts = Only(WifiFacts.Pi() with { Profiles = [WifiFacts.Ours] });
        facts = Through(facts with { Network = facts.Network with { Devices = [Cable, .. facts.Network.Devices] } }, "eth0");

        WifiProfileRemoval.Plan(WifiFacts.Args, Observe(facts)).Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("remove /etc/");
    }

    [Fact]
    public void Of_two_radios_the_one_that_carries_our_session_counts_whichever_nmcli_lists_first()
    {
        var facts = TwoRadios(session: "wlan0");

        Observe(facts).ConnectedThrough.ShouldBe("Lamp Home");
        var removal = WifiProfileRemoval.Plan(WifiFacts.Args, Observe(facts));
        removal.Steps[1].Sentence.ShouldStartWith("connect through \"neighbours\" and remove");
        removal.Steps[0].Script!.Text.Source.ShouldMatch("device=[^a-z]*wlan1", "the other one is up on its own radio, and stays there");
        WifiProfilePlanner.Plan(Changed, Observe(facts)).Steps[0].Script!.Text.Source.ShouldMatch("device=[^a-z]*wlan0");
    }

    [Fact]
    public void A_session_over_the_other_radio_is_another_way_in() =>
        WifiProfileRemoval.Plan(WifiFacts.Args, Observe(TwoRadios(session: "wlan1"))).Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("remove /etc/");

    [Fact]
    public void A_profile_bound_to_one_radio_takes_over_there_and_not_where_our_session_is()
    {
        var facts = TwoRadios(session: "wlan0");
        facts = facts with { Profiles = [.. facts.Profiles.Where(profile => profile.Uuid != Ours)] };
        var bound = WifiFacts.Args with { InterfaceName = "wlan1", Name = "bound", Priority = 10 };
        var state = ProfileObserver.Observe(bound, null, facts);

        (state.Situation.Interface, state.Situation.ActivePriority).ShouldBe(("wlan1", 50));
        WifiProfilePlanner.Plan(bound, state).ShouldSatisfyAllConditions(
            plan => plan.Connects.ShouldBeFalse(),
            plan => plan.Warnings.ShouldHaveSingleItem().ShouldContain("written but not tried: another connection, whose priority is not lower (50), is in use on wlan1"));
    }

    [Fact]
    public void A_profile_in_use_on_another_radio_than_it_names_is_changed_under_the_watchdog()
    {
        var bound = WifiFacts.Args with { InterfaceName = "wlan1" };
        var state = ProfileObserver.Observe(bound, bound.StateOf(), WifiFacts.Pi());

        state.Situation.Interface.ShouldBe("wlan0");
        WifiProfilePlanner.Plan(bound with { Password = "another password" }, state).Connects.ShouldBeTrue();
        WifiProfileRemoval.Plan(bound, state).Steps.Length.ShouldBe(4);
    }

    [Fact]
    public void A_hotspot_that_would_start_by_itself_is_no_way_back()
    {
        var facts = WithHotspot("ipv4.method", "shared");

        Observe(facts).Situation.OtherUuid.ShouldBeNull();
    }

    [Fact]
    public void Who_comes_in_by_the_device_s_own_network_on_its_only_radio_is_not_cut_off_by_connecting()
    {
        var facts = WithHotspot("wifi.mode", "ap");
        facts = facts with
        {
            Profiles = [.. facts.Profiles.Where(profile => profile.Uuid == Hotspot)],
            Network = facts.Network with
            {
                OurInterface = "uap0",
                Devices = [Ap],
                Connections = [.. facts.Network.Connections.Where(connection => connection.Uuid == Hotspot)],
                AccessPoints = WifiFacts.Pi().Network.AccessPoints,
            },
        };
        var plan = WifiProfilePlanner.Plan(WifiFacts.Args, ProfileObserver.Observe(WifiFacts.Args, null, facts));

        plan.Connects.ShouldBeFalse();
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("written but not tried: we come in by the network \"Hotspot\", which the device itself makes on uap0");
    }

    [Theory]
    [InlineData(true, false, false, "the WiFi is switched off there (rfkill); on the device: nmcli radio wifi on")]
    [InlineData(true, true, false, "the WiFi is switched off there (rfkill); on the device: rfkill unblock wifi; nmcli radio wifi on")]
    [InlineData(false, true, false, "the WiFi is switched off there (rfkill); on the device: rfkill unblock wifi; nmcli radio wifi on")]
    [InlineData(false, false, true, "the WiFi is switched off there (rfkill, by a switch or by firmware, which no command undoes)")]
    public void A_radio_that_is_off_is_said_and_what_is_written_is_called_untried(bool byManager, bool soft, bool hard, string said)
    {
        var facts = SwitchedOff(byManager, soft, hard);
        var state = Observe(facts);

        state.Situation.SwitchedOff.ShouldBe(said);
        WifiProfilePlanner.Plan(WifiFacts.Args, state).Changes.ShouldBeEmpty();
        WifiProfilePlanner.Plan(Changed, state).ShouldSatisfyAllConditions(
            plan => plan.Connects.ShouldBeFalse(),
            plan => plan.NotTried.ShouldBe(said),
            plan => plan.Warnings.ShouldHaveSingleItem().ShouldBe($"/etc/NetworkManager/system-connections/Lamp Home.nmconnection: written but not tried: {said}"));
    }

    [Fact]
    public void That_a_profile_was_not_tried_is_kept_until_the_device_was_connected_through_it()
    {
        var untried = WifiFacts.Written with { NotTried = "the network is not in reach" };

        ProfileObserver.Observe(WifiFacts.Args, untried, SwitchedOff(true, false, false)).NotTried.ShouldBe("the network is not in reach");
        ProfileObserver.Observe(WifiFacts.Args, untried, WifiFacts.Pi()).NotTried.ShouldBeNull();
    }

    [Theory]
    [InlineData(false, "the network is not in reach")]
    [InlineData(true, "the network does not announce its name, so whether it is in reach cannot be seen")]
    public void A_network_that_is_not_seen_is_written_and_called_untried(bool hidden, string why)
    {
        var office = WifiFacts.Args with { Ssid = "Office", Hidden = hidden };

        WifiProfilePlanner.Plan(office, ProfileObserver.Observe(office, null, WifiFacts.Pi(WifiFacts.Bootstrap))).NotTried.ShouldBe(why);
    }

    [Fact]
    public void Without_NetworkManager_what_is_written_is_called_untried()
    {
        var facts = WifiFacts.Pi(ours: null);
        facts = facts with { Network = facts.Network with { ManagerRunning = false, Devices = [], Connections = [], AccessPoints = [] } };

        WifiProfilePlanner.Plan(WifiFacts.Args, Observe(facts)).NotTried.ShouldBe("NetworkManager does not run there");
    }

    [Fact]
    public void Of_a_system_that_does_not_run_yet_nothing_is_said()
    {
        var facts = SwitchedOff(true, true, false) with { Boot = new BootFacts("/dev/mmcblk0p2", "ext4", 1, Incarnation.Bootstrap, TargetMounted: true) };

        WifiProfilePlanner.Plan(WifiFacts.Args, Observe(facts)).Warnings.ShouldBeEmpty();
    }

    private static WifiProfileState Observe(DeviceFacts facts) => ProfileObserver.Observe(WifiFacts.Args, WifiFacts.Written, facts);

    /// <summary>No profile but ours, and one of the device's own that nmcli lists first.</summary>
    private static DeviceFacts WithHotspot(string key, string value)
    {
        var facts = Only(WifiFacts.Pi());
        var file = WifiFacts.Other(WifiFacts.Etc + "Hotspot.nmconnection", 0, Hotspot);
        file = file with { Values = file.Values.SetItem(key, value).SetItem("connection.id", "Hotspot"), Ssid = file.Ssid };
        return facts with
        {
            Profiles = [WifiFacts.Ours, file],
            Network = facts.Network with
            {
                Devices = [key == "wifi.mode" ? Ap : Ap with { Mode = null }, .. facts.Network.Devices],
                Connections = [new NetworkConnection(Hotspot, "802-11-wireless", true, 0, true, "uap0", file.Path), .. facts.Network.Connections],
            },
        };
    }

    /// <summary>A second radio, connected to another network, which nmcli lists first.</summary>
    private static DeviceFacts TwoRadios(string session)
    {
        var uuid = Guid.Parse("00e10000-0000-4000-8000-000000000001");
        var network = WifiFacts.Args with { Ssid = Home };
        var file = WifiFacts.FileOf(network.StateOf().ContentOf() with { Name = "neighbours", Uuid = uuid, Priority = 50 }, WifiFacts.Etc + "neighbours.nmconnection");
        var facts = Only(WifiFacts.Pi());
        return Through(
            facts with
            {
                Profiles = [WifiFacts.Ours, file],
                Network = facts.Network with
                {
                    Devices = [new NetworkDevice("wlan1", "wifi", "connected", uuid), .. facts.Network.Devices],
                    Connections = [new NetworkConnection(uuid, "802-11-wireless", true, 50, true, "wlan1", file.Path), .. facts.Network.Connections],
                    AccessPoints = [.. facts.Network.AccessPoints, new AccessPoint(network.SsidOf(), 40, "WPA2")],
                },
            },
            session);
    }

    private static DeviceFacts SwitchedOff(bool byManager, bool soft, bool hard)
    {
        var facts = WifiFacts.Pi();
        return facts with
        {
            Network = facts.Network with
            {
                OurInterface = "eth0",
                WifiSwitchedOff = byManager,
                Devices = [Cable, new NetworkDevice("wlan0", "wifi", "unavailable", null) { IsSoftBlocked = soft, IsHardBlocked = hard }],
                Connections = [.. facts.Network.Connections.Select(connection => connection with { Active = false, Device = "" })],
                AccessPoints = [],
            },
        };
    }

    private static DeviceFacts Through(DeviceFacts facts, string session) => facts with { Network = facts.Network with { OurInterface = session } };

    /// <summary>Without the bootstrap profile's connection.</summary>
    private static DeviceFacts Only(DeviceFacts facts) =>
        facts with { Network = facts.Network with { Connections = [.. facts.Network.Connections.Where(connection => connection.Uuid != WifiFacts.Bootstrap)] } };
}
