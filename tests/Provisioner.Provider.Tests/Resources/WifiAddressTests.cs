using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>Addresses, bands and DNS in a profile: what differs, and where the device is looked for after its address was changed.</summary>
public sealed class WifiAddressTests
{
    private const string Device = "ssh://root@192.168.1.20:22?hostKey=SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static readonly WifiProfileArgs Args = WifiFacts.Args with { Device = Device };

    private static readonly WifiIp Static = new() { Method = WifiIpMethod.Manual, Addresses = ["192.168.1.30/24"], Gateway = "192.168.1.1", Dns = ["9.9.9.9"] };

    [Fact]
    public void Another_address_goes_under_the_watchdog_and_is_confirmed_at_the_new_one()
    {
        var plan = WifiProfilePlanner.Plan(Args with { Ipv4 = Static }, State(Args));

        plan.Changes.Select(change => change.ToString()).ShouldBe(
        [
            "ipv4.method: auto → manual", "ipv4.addresses: none → 192.168.1.30/24", "ipv4.gateway: none → 192.168.1.1", "ipv4.dns: none → 9.9.9.9",
        ]);
        plan.Connects.ShouldBeTrue();
        plan.Steps.Length.ShouldBe(4);
        plan.Steps[2].Script!.Hosts.ShouldBe(["192.168.1.30", "192.168.1.30", ""], "it has the old address before it changes, and after it has gone back");
        plan.Steps[3].Script!.Hosts.ShouldBe(["192.168.1.30"]);
        plan.Steps[3].Sentence.ShouldBe("come back over a new connection at 192.168.1.30, and disarm the watchdog");
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("set the address of the Device from 192.168.1.20 to that");
    }

    [Fact]
    public void A_device_that_has_a_name_may_come_back_under_it()
    {
        var named = Args with { Device = Device.Replace("192.168.1.20", "lamp.local", StringComparison.Ordinal) };
        var plan = WifiProfilePlanner.Plan(named with { Ipv4 = Static }, State(named));

        plan.Steps[3].Script!.Hosts.ShouldBe(["192.168.1.30", ""]);
        plan.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_new_profile_with_an_address_of_its_own_is_looked_for_there()
    {
        var facts = Facts(WifiFacts.Bootstrap);
        facts = facts with { Profiles = [.. facts.Profiles.Skip(1)] };
        var args = Args with { Ipv4 = Static };
        var plan = WifiProfilePlanner.Plan(args, ProfileObserver.Observe(args, null, facts));

        plan.Connects.ShouldBeTrue();
        plan.Steps[3].Script!.Hosts.ShouldBe(["192.168.1.30"]);
    }

    [Theory]
    [InlineData("10.0.0.7", false)]
    [InlineData("192.168.1.30", false)]
    [InlineData(null, false)]
    [InlineData("192.168.1.20", true)]
    public void Behind_somebody_who_translates_with_that_address_already_or_with_another_way_in_it_is_looked_for_where_it_was(string? seen, bool byCable)
    {
        var state = State(Args);
        state = state with { Situation = state.Situation with { OurAddress = seen, OtherWayIn = byCable } };

        WifiProfilePlanner.Plan(Args with { Ipv4 = Static }, state).Steps[3].Script!.Hosts.ShouldBeEmpty();
    }

    [Fact]
    public void An_address_that_the_network_will_choose_is_warned_of()
    {
        var before = Args with { Ipv4 = Static with { Addresses = ["192.168.1.20/24"] } };

        WifiProfilePlanner.Plan(Args, State(before)).Warnings.ShouldHaveSingleItem().ShouldContain("the network will give the device an address");
    }

    [Fact]
    public void Every_new_setting_that_differs_on_the_device_is_named_by_its_input()
    {
        var args = Args with { Ipv4 = Static, Band = WifiBand.A, Bssid = "aa:bb:cc:dd:ee:ff", Powersave = WifiPowersave.Disable };
        var file = WifiFacts.FileOf(args.StateOf().ContentOf(), WifiFacts.Ours.Path);
        Drift(args, file).ShouldBeEmpty();

        var changed = file with
        {
            Values = file.Values.SetItem("wifi.band", "bg").SetItem("wifi.bssid", "00:00:00:00:00:01").SetItem("wifi.powersave", "3")
                .SetItem("ipv4.address1", "192.168.1.31/24,192.168.1.254").SetItem("ipv4.dns", "1.1.1.1;8.8.8.8;").SetItem("ipv6.method", "ignore"),
        };
        Drift(args, changed).Select(pair => $"{pair.Key}={pair.Value}").ShouldBe(
        [
            "band=bg", "bssid=00:00:00:00:00:01", "ipv4.addresses=192.168.1.31/24", "ipv4.dns=1.1.1.1, 8.8.8.8", "ipv4.gateway=192.168.1.254", "ipv6.method=ignore", "powersave=enable",
        ]);
    }

    [Fact]
    public void Other_ways_to_write_the_same_are_no_drift()
    {
        var args = Args with { Ipv4 = Static, Bssid = "aa:bb:cc:dd:ee:ff" };
        var file = WifiFacts.FileOf(args.StateOf().ContentOf(), WifiFacts.Ours.Path);

        Drift(args, file with
        {
            Values = file.Values.Remove("ipv4.address1").SetItem("ipv4.addresses1", "192.168.1.30/24").SetItem("ipv4.gateway", "192.168.1.1")
                .SetItem("ipv4.dns", "9.9.9.9").SetItem("ipv4.dns-search", "").SetItem("wifi.bssid", "aa:bb:cc:dd:ee:ff").SetItem("wifi.powersave", "0").SetItem("connection.autoconnect", "true"),
        }).ShouldBeEmpty();
    }

    private static ImmutableSortedDictionary<string, string> Drift(WifiProfileArgs args, ProfileFile file)
    {
        var facts = Facts();
        return ProfileObserver.Observe(args, args.StateOf(), facts with { Profiles = [file, .. facts.Profiles.Skip(1)] }).Drift;
    }

    private static WifiProfileState State(WifiProfileArgs args)
    {
        var facts = Facts();
        return ProfileObserver.Observe(args, args.StateOf(), facts with { Profiles = [WifiFacts.FileOf(args.StateOf().ContentOf(), WifiFacts.Ours.Path), .. facts.Profiles.Skip(1)] });
    }

    private static DeviceFacts Facts(Guid? active = null)
    {
        var facts = WifiFacts.Pi(active);
        return facts with { Network = facts.Network with { OurAddress = "192.168.1.20" } };
    }
}
