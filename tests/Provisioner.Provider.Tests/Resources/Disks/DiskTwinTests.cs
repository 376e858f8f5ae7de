using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Disk;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>Two disks with one serial number, as cheap adapters and boxes with two bays have them.</summary>
public sealed class DiskTwinTests
{
    private const string Second = "usb-JMicron_Generic_0123456789ABCDEF-0:1";

    private static readonly DiskArgs Args = DiskWorld.Args with { ById = "usb-JMicron_Generic_0123456789ABCDEF-0:0" };

    private static readonly WorldDisk This = DiskWorld.Blank with { Links = [Args.ById, "wwn-0x1"] };

    private static readonly WorldDisk Other = DiskWorld.Used with { Name = "sdb", Links = [Second] };

    [Fact]
    public void A_name_of_its_own_for_each_decides_with_consent()
    {
        var state = DiskObserver.Observe(Args, null, DiskWorld.Facts(DiskWorld.Card, This, Other));
        state.Found.Doubts.ShouldBeEmpty();

        var refusal = DiskPlanner.Plan(Args, state).Refusals.ShouldHaveSingleItem();

        refusal.What.ShouldBe($"take {Args.ById} for the disk that is meant");
        refusal.Why!.ShouldContain($"2 disks have the serial number {Args.Serial}: {Args.ById}, {Second}; only the name tells them apart");
        refusal.Next!.ShouldStartWith("unplug the other one; or, ");
        refusal.Next.ShouldContain(Args.ById);
        var agreed = Args with { Consent = Args.Consent.Add(Args.ById, refusal.Token!) };
        DiskPlanner.Plan(agreed, DiskObserver.Observe(agreed, null, DiskWorld.Facts(DiskWorld.Card, This, Other))).Refusals.ShouldBeEmpty();

        // The very token does not hold for the other one, nor with a third.
        var exchanged = agreed with { ById = Second, Consent = agreed.Consent.Add(Second, refusal.Token!) };
        DiskPlanner.Plan(exchanged, DiskObserver.Observe(exchanged, null, DiskWorld.Facts(DiskWorld.Card, This, Other))).Refusals.ShouldContain(refused => refused.What.StartsWith("take ", StringComparison.Ordinal));
        var third = Other with { Name = "sdc", Links = ["usb-JMicron_Generic_0123456789ABCDEF-0:2"], Partitions = [] };
        DiskPlanner.Plan(agreed, DiskObserver.Observe(agreed, null, DiskWorld.Facts(DiskWorld.Card, This, Other, third))).Refusals.ShouldNotBeEmpty();
    }

    [Fact]
    public void Where_udev_makes_the_same_name_for_both_only_unplugging_helps()
    {
        foreach (var links in new[] { Array.Empty<string>(), ["wwn-0x2"] })
        {
            var state = DiskObserver.Observe(Args, null, DiskWorld.Facts(DiskWorld.Card, This, Other with { Links = [.. links] }));
            var refusal = DiskPlanner.Plan(Args, state).Refusals.ShouldHaveSingleItem();
            refusal.Token.ShouldBeNull();
            refusal.Why!.ShouldContain("unplug the other one");
        }
    }

    [Fact]
    public void Nothing_is_asked_where_nothing_is_written()
    {
        var ours = DiskWorld.Ours with { Links = [Args.ById] };
        DiskPlanner.Plan(Args, DiskObserver.Observe(Args, null, DiskWorld.Facts(DiskWorld.Card, ours, Other))).Refusals.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sda sdb", true)]
    [InlineData("sdb sda", true)]
    [InlineData("sda", false)]
    [InlineData("sda sdb sdc", false)]
    [InlineData("sda sdc", false)]
    public async Task The_last_look_wants_just_those_disks_that_were_seen(string bearers, bool isSame)
    {
        using var root = new TemporaryRoot();
        root.Program("/bin/lsblk", $"for n in {bearers}; do printf 'KNAME=\"%s\" SERIAL=\"{Args.Serial}\"\\n' \"$n\"; done");
        var result = await Sh.RunAsync(
            Shell.Lines(Shell.Of($"p=\nn=sda"), BlockScript.Functions, DiskLook.Same(Args.Serial, new DiskTwin { Name = "sdb", ById = Second })),
            path: $"{root.At("/bin")}:{Environment.GetEnvironmentVariable("PATH")}");
        (result.ExitCode == 0).ShouldBe(isSame, result.StandardError);
        result.ExitCode.ShouldBeOneOf(0, Recheck.Refused);
    }
}
