using System.Collections.Immutable;
using System.Text;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>Golden previews: what a person reads for each kind of drift, and what will run.</summary>
public sealed class WifiDriftTests
{
    private const string WriteStep = "write /etc/NetworkManager/system-connections/Lamp Home.nmconnection (0600 root:root, from stdin), and have NetworkManager read it";

    private const string Watched =
        """
        1. arm a watchdog on the device: unless we come back within 90 s, it returns to the profile and the connection it has now
          2. write /etc/NetworkManager/system-connections/Lamp Home.nmconnection (0600 root:root, from stdin) and connect through "Lamp Home", detached
          3. wait until the device has connected, or has gone back
          4. come back over a new connection, and disarm the watchdog
        """;

    [Fact]
    public void When_all_is_well_nothing_is_planned() => Preview(WifiFacts.Pi()).ShouldBe("");

    [Fact]
    public void A_missing_profile_is_named() => Preview(WithConnections(WifiFacts.Pi(ours: null), WifiFacts.Bootstrap)).ShouldBe(
        $"""
        differs:
          file: missing → /etc/NetworkManager/system-connections/Lamp Home.nmconnection (without it the device does not know the network)
        would run on the Pi:
          {Watched}
        """);

    [Fact]
    public void A_mode_that_others_can_read_is_named() => Preview(WifiFacts.Pi(WifiFacts.Ours with { Mode = 0x81a4 })).ShouldBe(
        $"""
        differs:
          mode: 0644 → 0600 (NetworkManager ignores a profile that others may open)
        would run on the Pi:
          1. {WriteStep}
        """);

    [Fact]
    public void Another_owner_is_named() => Preview(WifiFacts.Pi(WifiFacts.Ours with { UserId = 1000, GroupId = 100 })).ShouldBe(
        $"""
        differs:
          owner: 1000:100 → 0:0 (NetworkManager ignores a profile that is not root's)
        would run on the Pi:
          1. {WriteStep}
        """);

    [Fact]
    public void A_symbolic_link_is_named() => Preview(WifiFacts.Pi(WifiFacts.Ours with { Mode = 0xa1ff, SecretDigest = null })).ShouldContain(
        "file: a symbolic link → a regular file /etc/NetworkManager/system-connections/Lamp Home.nmconnection");

    [Fact]
    public void A_setting_changed_by_hand_is_named_with_both_values() => Preview(WifiFacts.Pi(WithValue("connection.autoconnect-priority", "5"))).ShouldBe(
        $"""
        differs:
          priority: 5 → 100 (changed on the device)
        would run on the Pi:
          1. {WriteStep}
        """);

    [Fact]
    public void Settings_that_nobody_asked_for_are_named_without_the_values_that_may_be_secret()
    {
        var file = WithValue("ipv4.method", "manual") with { OtherKeys = ["wifi-security.psk", "802-1x.password"] };
        var preview = Preview(WifiFacts.Pi(file));
        preview.ShouldContain("settings: 802-1x.password → as written (settings that were added or changed on the device)");
        preview.ShouldContain("ipv4.method: manual → auto (changed on the device)");
    }

    [Fact]
    public void Another_password_on_the_device_is_named_and_mended_under_the_watchdog() =>
        Preview(WifiFacts.Pi(WifiFacts.Ours with { SecretDigest = WifiFacts.Key.Digest("something else"u8) })).ShouldBe(
            $"""
            differs:
              password: another one → [secret] (the password in the profile on the device differs)
            would run on the Pi:
              {Watched}
            """);

    [Fact]
    public void The_password_in_clear_on_the_device_is_named() =>
        Preview(WifiFacts.Pi(WifiFacts.Ours with { SecretDigest = WifiFacts.Key.Digest(Encoding.UTF8.GetBytes(WifiFacts.Args.Password!)) }))
            .ShouldContain("password: the password itself, in clear → [secret]");

    [Theory]
    [InlineData(100)]
    [InlineData(200)]
    public void A_second_profile_for_the_same_network_that_wins_is_named_and_asked_to_yield(int priority)
    {
        var facts = WifiFacts.Pi(WifiFacts.Ours, WifiFacts.Other(WifiFacts.Etc + "mine.nmconnection", priority));
        Preview(facts).ShouldBe(
            $"""
            differs:
              shadowedBy: /etc/NetworkManager/system-connections/mine.nmconnection (priority {priority}) → none (it is for the same network, and NetworkManager prefers it to /etc/NetworkManager/system-connections/Lamp Home.nmconnection (priority 100))
            would run on the Pi:
              1. set connection.autoconnect to no in /etc/NetworkManager/system-connections/mine.nmconnection, because NetworkManager would choose it instead (priority {priority})
            """);
    }

    [Fact]
    public void A_second_profile_that_loses_is_no_drift() =>
        Preview(WifiFacts.Pi(WifiFacts.Ours, WifiFacts.Other(WifiFacts.Etc + "mine.nmconnection", 99))).ShouldBe("");

    [Fact]
    public void A_second_profile_that_does_not_connect_by_itself_is_no_drift()
    {
        var other = WifiFacts.Other(WifiFacts.Etc + "mine.nmconnection", 200);
        Preview(WifiFacts.Pi(WifiFacts.Ours, other with { Values = other.Values.SetItem("connection.autoconnect", "false") })).ShouldBe("");
    }

    [Fact]
    public void A_second_profile_that_NetworkManager_does_not_accept_is_no_drift() =>
        Preview(WifiFacts.Pi(WifiFacts.Ours, WifiFacts.Other(WifiFacts.Etc + "mine.nmconnection", 200) with { Mode = 0x81a4 })).ShouldBe("");

    [Fact]
    public void A_volatile_profile_with_the_same_uuid_is_named_and_moved_aside()
    {
        var preview = Preview(WifiFacts.Pi(WifiFacts.Ours, WifiFacts.Other("/run/NetworkManager/system-connections/Home.nmconnection", 0, WifiFacts.Args.UuidOf())));
        preview.ShouldContain("shadowedBy: /run/NetworkManager/system-connections/Home.nmconnection (priority 0) → none (it has the same UUID, and NetworkManager takes it instead of /etc/NetworkManager/system-connections/Lamp Home.nmconnection)");
        preview.ShouldContain("1. rename /run/NetworkManager/system-connections/Home.nmconnection to /run/NetworkManager/system-connections/Home.nmconnection.hidden");
    }

    [Fact]
    public void A_shipped_profile_with_the_same_uuid_hides_nothing() =>
        Preview(WifiFacts.Pi(WifiFacts.Ours, WifiFacts.Other("/usr/lib/NetworkManager/system-connections/Home.nmconnection", 0, WifiFacts.Args.UuidOf()))).ShouldBe("");

    [Fact]
    public void A_profile_that_NetworkManager_has_not_read_is_named()
    {
        var facts = WifiFacts.Pi();
        facts = facts with { Network = facts.Network with { Connections = [.. facts.Network.Connections.Where(connection => connection.Uuid == WifiFacts.Bootstrap)] } };
        Preview(facts).ShouldContain("loaded: no → yes");
    }

    [Fact]
    public void An_unconfirmed_change_is_undone_first_and_made_again()
    {
        var preview = Preview(WifiFacts.Pi() with { Watchdog = new WatchdogFacts("4711, profile Lamp Home, at 2026-01-01T00:00:00Z", null, null) });
        preview.ShouldContain("1. let the device undo a change that was begun and never confirmed (4711, profile Lamp Home, at 2026-01-01T00:00:00Z)");
        preview.ShouldContain("2. arm a watchdog");
    }

    [Fact]
    public void A_change_that_the_device_undid_is_told_with_its_reason_when_it_is_to_be_made_again()
    {
        var facts = WifiFacts.Pi() with { Watchdog = new WatchdogFacts(null, null, Undone("Lamp Home")) };
        var state = ProfileObserver.Observe(WifiFacts.Args, WifiFacts.Written, facts);

        WifiProfilePlanner.Plan(WifiFacts.Args with { Password = "another password" }, state).Warnings.ShouldHaveSingleItem().ShouldBe(
            "the device went back by itself from the last change of this profile, begun at 2026-01-01T00:00:00Z: we did not come back in time");
        WifiProfilePlanner.Plan(WifiFacts.Args, state).ShouldSatisfyAllConditions(plan => plan.Changes.ShouldBeEmpty(), plan => plan.Warnings.ShouldBeEmpty());
    }

    [Fact]
    public void A_change_of_another_profile_that_the_device_undid_is_not_told_with_this_one()
    {
        var facts = WifiFacts.Pi() with { Watchdog = new WatchdogFacts(null, null, Undone("Office")) };

        ProfileObserver.Observe(WifiFacts.Args, WifiFacts.Written, facts).WentBack.ShouldBeNull();
    }

    [Fact]
    public void Being_connected_through_another_profile_is_shown_and_is_no_drift()
    {
        var facts = WifiFacts.Pi(WifiFacts.Bootstrap);
        var state = ProfileObserver.Observe(WifiFacts.Args, WifiFacts.Written, facts);
        state.ConnectedThrough.ShouldBe("bootstrap");
        WifiProfilePlanner.Plan(WifiFacts.Args, state).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void A_profile_that_is_adopted_is_also_connected_through()
    {
        var state = ProfileObserver.Observe(WifiFacts.Args, null, WifiFacts.Pi(WifiFacts.Bootstrap));
        var plan = WifiProfilePlanner.Plan(WifiFacts.Args, state);
        plan.Connects.ShouldBeTrue();
        plan.Changes.ShouldHaveSingleItem().ToString().ShouldBe("connectedThrough: bootstrap → Lamp Home (the device is not connected through this profile yet)");
    }

    [Fact]
    public void A_profile_that_is_there_and_in_use_is_adopted_without_a_step() =>
        WifiProfilePlanner.Plan(WifiFacts.Args, ProfileObserver.Observe(WifiFacts.Args, null, WifiFacts.Pi())).Steps.ShouldBeEmpty();

    [Fact]
    public void Another_password_in_the_program_goes_under_the_watchdog_and_is_never_shown()
    {
        var plan = WifiProfilePlanner.Plan(WifiFacts.Args with { Password = "another password" }, WifiFacts.Written);
        plan.Connects.ShouldBeTrue();
        plan.Changes.ShouldHaveSingleItem().ToString().ShouldBe("password: [secret] → [secret]");
        var everything = PlanText.Render(plan, "the Pi") + string.Concat(plan.Steps.Select(step => step.Script + step.Sentence));
        everything.ShouldNotContain("another password");
        everything.ShouldNotContain((WifiFacts.Args with { Password = "another password" }).KeyOf()!);
    }

    [Fact]
    public void A_network_out_of_range_is_written_and_not_connected_to()
    {
        var facts = WifiFacts.Pi(WifiFacts.Bootstrap);
        var office = WifiFacts.Args with { Ssid = "Office" };
        var plan = WifiProfilePlanner.Plan(office, ProfileObserver.Observe(office, null, facts));
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("write /etc/NetworkManager/system-connections/Office.nmconnection");
    }

    [Fact]
    public void While_a_system_is_under_construction_the_profile_goes_there_and_nothing_is_reloaded()
    {
        var facts = WifiFacts.Pi(WifiFacts.Bootstrap) with { Boot = new BootFacts("/dev/mmcblk0p2", "ext4", 1, Incarnation.Bootstrap, TargetMounted: true) };
        Preview(facts).ShouldContain("1. write /mnt/etc/NetworkManager/system-connections/Lamp Home.nmconnection (0600 root:root, from stdin)");
        Preview(facts).ShouldNotContain("NetworkManager read it");
    }

    [Fact]
    public void The_profile_of_a_system_is_never_written_to_the_card_and_a_preview_says_so_before_anything_is_mounted()
    {
        var args = WifiFacts.Args with { OfSystem = true };
        var card = WifiFacts.Pi() with { Boot = new BootFacts("/dev/mmcblk0p2", "ext4", 1, Incarnation.Bootstrap, TargetMounted: false) };
        WifiProfilePlan[] plans =
        [
            WifiProfilePlanner.Plan(args, ProfileObserver.Observe(args, WifiFacts.Written, card)),
            WifiProfilePlanner.Plan(args, null),

            // Engines look with the inputs of last time: those of a profile that was the card's until now.
            WifiProfilePlanner.Plan(args, ProfileObserver.Observe(WifiFacts.Args, WifiFacts.Written, card)),
        ];
        foreach (var plan in plans)
        {
            plan.Steps.ShouldHaveSingleItem().Sentence.ShouldBe("write /mnt/etc/NetworkManager/system-connections/Lamp Home.nmconnection (0600 root:root, from stdin)");
            plan.Warnings.ShouldBeEmpty();
        }

        WifiProfilePlanner.Plan(args, ProfileObserver.Observe(args, WifiFacts.Written, WifiFacts.Pi() with { Boot = new BootFacts("zroot/root", "zfs", 4, Incarnation.Installed, false) })).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Another_network_or_name_replaces_and_another_address_does_not()
    {
        WifiProfilePlanner.Plan(WifiFacts.Args with { Ssid = "New" }, WifiFacts.Written).Replaces.ShouldBeTrue();
        WifiProfilePlanner.Plan(WifiFacts.Args with { Name = "new" }, WifiFacts.Written).Replaces.ShouldBeTrue();
        WifiProfilePlanner.Plan(WifiFacts.Args with { Device = "ssh://root@other:22?hostKey=SHA256:x" }, WifiFacts.Written).ShouldSatisfyAllConditions(
            plan => plan.Replaces.ShouldBeFalse(),
            plan => plan.Changes.ShouldHaveSingleItem().Path.ShouldBe("device"));
    }

    [Fact]
    public void Deleting_goes_over_to_the_other_profile_under_the_watchdog() =>
        WifiProfileRemoval.Plan(WifiFacts.Args, WifiFacts.Written).Steps.Select(step => step.Sentence).ShouldContain(
            "connect through \"bootstrap\" and remove /etc/NetworkManager/system-connections/Lamp Home.nmconnection, detached");

    [Fact]
    public void Deleting_leaves_the_only_way_in_where_it_is_and_says_so()
    {
        var facts = WifiFacts.Pi() with { Profiles = [WifiFacts.Ours] };
        facts = facts with { Network = facts.Network with { Connections = [facts.Network.Connections[0]] } };
        var plan = WifiProfileRemoval.Plan(WifiFacts.Args, ProfileObserver.Observe(WifiFacts.Args, WifiFacts.Written, facts));
        plan.Steps.ShouldBeEmpty();
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("the only way back");
    }

    [Fact]
    public void Deleting_leaves_a_profile_that_is_not_ours()
    {
        var state = ProfileObserver.Observe(WifiFacts.Args, WifiFacts.Written, WifiFacts.Pi(WithValue("connection.uuid", Guid.Empty.ToString())));
        WifiProfileRemoval.Plan(WifiFacts.Args, state).ShouldSatisfyAllConditions(
            plan => plan.Steps.ShouldBeEmpty(),
            plan => plan.Warnings.ShouldHaveSingleItem().ShouldContain("somebody else's"));
    }

    [Fact]
    public void Deleting_a_profile_that_is_not_in_use_just_removes_it() =>
        WifiProfileRemoval.Plan(WifiFacts.Args, ProfileObserver.Observe(WifiFacts.Args, WifiFacts.Written, WifiFacts.Pi(WifiFacts.Bootstrap)))
            .Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("remove /etc/");

    private static string Undone(string profile) =>
        $"0e000000-0000-4000-8000-000000000000, profile {profile}, at 2026-01-01T00:00:00Z went back: we did not come back in time";

    private static string Preview(DeviceFacts facts)
    {
        var state = ProfileObserver.Observe(WifiFacts.Args, WifiFacts.Written, facts);
        return PlanText.Render(WifiProfilePlanner.Plan(WifiFacts.Args, state), "the Pi");
    }

    private static ProfileFile WithValue(string key, string value) => WifiFacts.Ours with { Values = WifiFacts.Ours.Values.SetItem(key, value) };

    private static DeviceFacts WithConnections(DeviceFacts facts, Guid active) =>
        facts with { Network = WifiFacts.Pi(active).Network };
}
