using Pulumi.Utilities;
using Pulumi.Wire;

namespace Pulumi.Tests;

public sealed class PreviewTests
{
    [Fact]
    public async Task Unknowns_in_a_preview_skip_apply()
    {
        await using var engine = await RecordingEngine.StartAsync();
        var ran = false;

        var code = await engine.PreviewAsync(() => new Lamp("desk", new LampArgs { Color = "red" }).Id.Apply(id => ran = true));

        code.ShouldBe(0);
        ran.ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_preview_knows_already_is_applied()
    {
        await using var engine = await RecordingEngine.StartAsync();
        string? seen = null;

        await engine.PreviewAsync(() => new Lamp("desk", new LampArgs { Color = "red" }).Color.Apply(color => seen = color));

        seen.ShouldBe("red");
    }

    [Fact]
    public async Task An_output_that_is_not_answered_is_unknown_in_a_preview()
    {
        await using var engine = await RecordingEngine.StartAsync();
        Lamp desk = null!;

        await engine.PreviewAsync(() => desk = new Lamp("desk", new LampArgs { Color = "red" }));

        (await OutputUtilities.GetIsKnownAsync(desk.Serial)).ShouldBeFalse();
        (await OutputUtilities.GetIsKnownAsync(desk.Urn)).ShouldBeTrue();
    }

    [Fact]
    public async Task Only_the_unknown_element_of_a_list_is_sent_as_unknown()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.PreviewAsync(() =>
        {
            var desk = new Lamp("desk", new LampArgs { Color = "red" });
            _ = new Lamp("wall", new LampArgs { Color = desk.Id, Wires = new InputList<string> { "blue", desk.Id }, Tags = { ["a"] = desk.Id, ["b"] = "1" } });
        });

        engine.Inputs("wall").ShouldBe(PropertyMap.Of(
            ("color", PropertyValue.UnknownValue),
            ("wires", new PropertyValue.Array(["blue", PropertyValue.UnknownValue])),
            ("tags", new PropertyValue.Object(PropertyMap.Of(("a", PropertyValue.UnknownValue), ("b", "1"))))));
    }

    [Fact]
    public async Task A_provider_that_does_not_exist_yet_is_named_by_the_unknown()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.PreviewAsync(() => _ = new Lamp(
            "desk", new LampArgs { Color = "red" }, new CustomResourceOptions { Provider = new ProviderResource("home", "mine", ResourceArgs.Empty) }));

        engine.Registration("desk").Provider.ShouldBe(
            RecordingEngine.Urn("pulumi:providers:home", "mine") + "::04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    }

    [Fact]
    public async Task The_program_is_told_where_it_runs()
    {
        await using var engine = await RecordingEngine.StartAsync();
        DeploymentInstance? instance = null;

        await engine.PreviewAsync(() => instance = Deployment.Instance);

        instance.ShouldNotBeNull().ShouldSatisfyAllConditions(
            deployment => deployment.IsDryRun.ShouldBeTrue(),
            deployment => deployment.ProjectName.ShouldBe("lamp"),
            deployment => deployment.StackName.ShouldBe("dev"),
            deployment => deployment.OrganizationName.ShouldBe("organization"),
            deployment => deployment.RootDirectory.ShouldBe("/projects/lamp"));
    }
}
