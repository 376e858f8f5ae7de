using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>What is found before anything is touched. Pure.</summary>
public sealed class PreflightTests
{
    [Fact]
    public void A_good_Pi_has_nothing_but_a_word_on_kexec() =>
        Of(NixosPi.Bare).ShouldHaveSingleItem().ToString().ShouldBe(
            "kexec: would not work here, so nixos-anywhere needs --phases disko,install,reboot: the CPUs were started by spin-table, and arm64 refuses kexec then (Resource busy)");

    [Theory]
    [InlineData(0xf41u, PreflightWeight.Note, "a card that can boot comes before the SSD")]
    [InlineData(0xf14u, PreflightWeight.Note, "the SSD comes before the card")]
    [InlineData(0x1u, PreflightWeight.Blocker, "never tries USB")]
    internal void The_boot_order_is_read_from_the_right(uint order, PreflightWeight weight, string text)
    {
        var finding = Of(NixosPi.Bare with { System = NixosPi.Bare.System with { BootOrder = order } }).Single(finding => finding.About == "bootOrder");

        finding.Weight.ShouldBe(weight);
        finding.Text.ShouldContain(text);
    }

    [Theory]
    [InlineData(100, PreflightWeight.Blocker)]
    [InlineData(1000, PreflightWeight.Warning)]
    internal void Little_room_is_a_warning_and_none_stops(long mebibytes, PreflightWeight weight) =>
        Of(NixosPi.Bare with { System = NixosPi.Bare.System with { Room = NixosPi.Room(("/", mebibytes << 20)) } }).Single(finding => finding.About == "card").Weight.ShouldBe(weight);

    [Fact]
    public void Memory_matters_only_where_the_device_evaluates_the_flake()
    {
        var small = NixosPi.Bare with { Memory = new MemoryFacts(400L << 20, 300L << 20) };

        var refused = Of(small).Single(finding => finding.About == "memory");
        refused.Weight.ShouldBe(PreflightWeight.Blocker);
        refused.Text.ShouldContain("set builder to \"local\"");
        Preflight.Of(NixosPi.Args with { Builder = NixosSystemBuilder.Local }, small, NixosPi.Now).ShouldNotContain(finding => finding.About == "memory");
        Preflight.Of(NixosPi.Args with { Flake = null, StorePath = NixosPi.Top }, small, NixosPi.Now).ShouldNotContain(finding => finding.About == "memory");
    }

    [Fact]
    public void A_builder_that_cannot_stops_it_and_one_that_emulates_is_a_warning()
    {
        var stops = Preflight.OfBuilder(new BuilderVerdict("Nix is not on desktop", "install it there", null)).ShouldNotBeNull();
        stops.Weight.ShouldBe(PreflightWeight.Blocker);
        stops.ToString().ShouldBe("builder: Nix is not on desktop; install it there");
        Preflight.OfBuilder(new BuilderVerdict(null, null, "it takes hours")).ShouldNotBeNull().Weight.ShouldBe(PreflightWeight.Warning);
        Preflight.OfBuilder(new BuilderVerdict(null, null, null)).ShouldBeNull();
    }

    [Fact]
    public void A_full_boot_partition_stops_an_update_before_it_is_built() =>
        Of(NixosPi.Running with { System = NixosPi.Running.System with { Room = NixosPi.Room(("/boot", 10L << 20), ("/nix", 50L << 30)) } })
            .ShouldHaveSingleItem().ToString().ShouldStartWith("boot: the boot partition has 10 MiB left, at least 40 MiB are needed");

    private static ImmutableArray<PreflightFinding> Of(DeviceFacts facts) => Preflight.Of(NixosPi.Args, facts, NixosPi.Now);
}
