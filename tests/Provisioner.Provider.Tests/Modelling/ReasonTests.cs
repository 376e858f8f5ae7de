using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.ZfsPool;
using Pulumi.Wire;

namespace Provisioner.Provider.Tests.Modelling;

/// <summary>A look with new inputs sees a difference; whether the program made it or somebody on the device is told by the inputs of last time and the last read.</summary>
public sealed class ReasonTests
{
    private static readonly PropertyChange Autotrim = new("properties.autotrim", ChangeKind.Update, "on", "off") { IsDrift = true, Because = "changed on the device" };

    [Fact]
    public void What_only_the_program_changed_is_not_said_to_be_changed_on_the_device() =>
        ReasonOf(Inputs("on"), Inputs("off"), Read()).ShouldBeNull();

    [Fact]
    public void What_the_program_gives_for_the_first_time_is_its_own_change_too() =>
        ReasonOf(Inputs(null), Inputs("off"), Read()).ShouldBeNull();

    [Fact]
    public void What_the_device_changed_is_said_to_be() =>
        ReasonOf(Inputs("off"), Inputs("off"), Read(("properties.autotrim", "on"))).ShouldBe("changed on the device");

    [Fact]
    public void What_both_changed_is_said_to_be_changed_on_the_device() =>
        ReasonOf(Inputs("on"), Inputs("off"), Read(("properties.autotrim", "on"))).ShouldBe("changed on the device");

    [Fact]
    public void What_was_changed_after_the_last_read_is_said_to_be_changed_on_the_device() =>
        ReasonOf(Inputs("off"), Inputs("off"), Read()).ShouldBe("changed on the device");

    [Fact]
    public void A_reason_that_holds_whoever_changed_it_stays()
    {
        var change = new PropertyChange("properties.ashift", ChangeKind.Update, "12", "13") { Because = "it counts for devices that are added later" };
        var told = Provider.Modelling.Inputs.Reasons([change], Programmed(Inputs(null), Of(("properties", Map(("ashift", "13"))))), Read());
        told.ShouldHaveSingleItem().Because.ShouldBe("it counts for devices that are added later");
    }

    [Fact]
    public void A_change_of_one_entry_is_told_of_that_entry_alone() =>
        Programmed(Of(("properties", Map(("autotrim", "on"), ("comment", "a")))), Of(("properties", Map(("autotrim", "on"), ("comment", "b")))))
            .Select(change => change.Path).ShouldBe(["properties.comment"]);

    [Fact]
    public void A_default_that_an_older_version_did_not_write_is_no_change() =>
        Programmed(Of(), InputDefaults.Complete(typeof(ZfsPoolArgs), Of())).ShouldBeEmpty();

    [Fact]
    public void An_input_that_this_version_does_not_have_is_no_change() =>
        Programmed(Of(("formerly", new PropertyValue.String("there"))), Of()).ShouldBeEmpty();

    private static string? ReasonOf(PropertyMap before, PropertyMap now, PropertyMap read) =>
        Provider.Modelling.Inputs.Reasons([Autotrim], Programmed(before, now), read).ShouldHaveSingleItem().Because;

    private static ImmutableArray<PropertyChange> Programmed(PropertyMap before, PropertyMap now) =>
        Provider.Modelling.Inputs.Programmed(typeof(ZfsPoolArgs), before, InputDefaults.Complete(typeof(ZfsPoolArgs), now));

    private static PropertyMap Inputs(string? autotrim) => autotrim is null ? Of() : Of(("properties", Map(("autotrim", autotrim))));

    private static PropertyMap Read(params (string Path, string Found)[] drift) => Of(("drift", Map(drift)));

    private static PropertyValue.Object Map(params (string Name, string Value)[] entries) =>
        new(Of([.. entries.Select(entry => (entry.Name, (PropertyValue)new PropertyValue.String(entry.Value)))]));

    private static PropertyMap Of(params (string Name, PropertyValue Value)[] entries) =>
        PropertyMap.Of(entries.Select(entry => KeyValuePair.Create(entry.Name, entry.Value)));
}
