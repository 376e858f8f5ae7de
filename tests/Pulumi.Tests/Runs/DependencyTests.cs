using Pulumi.Utilities;
using Pulumi.Wire;

namespace Pulumi.Tests;

public sealed class DependencyTests
{
    private static readonly string Desk = RecordingEngine.Urn("home:index:Lamp", "desk");

    [Fact]
    public async Task A_resources_inputs_wait_for_what_they_come_from()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.Hold("desk");

        var run = engine.RunAsync(() =>
        {
            var desk = new Lamp("desk", new LampArgs { Color = "red" });
            _ = new Lamp("copy", new LampArgs { Color = desk.Color });
            _ = new Lamp("alone", new LampArgs { Color = "red" });
        });
        await engine.ArrivalOf("desk");
        await engine.ArrivalOf("alone");
        engine.Registrations.ShouldNotContain(request => request.Name == "copy");
        engine.Release("desk");

        (await run).ShouldBe(0);
        engine.Answered.ToList().ShouldSatisfyAllConditions(
            names => names.IndexOf("copy").ShouldBeGreaterThan(names.IndexOf("desk")));
    }

    [Fact]
    public async Task Dependencies_are_sent_for_the_whole_and_for_each_input()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() =>
        {
            var desk = new Lamp("desk", new LampArgs { Color = "red" });
            var wall = new Lamp("wall", new LampArgs { Color = "red" });
            _ = new Lamp(
                "copy",
                new LampArgs { Color = Output.Format($"{desk.Color}ish"), Brightness = 3, Tags = { ["id"] = desk.Id } },
                new CustomResourceOptions { DependsOn = { wall } });
        });

        var request = engine.Registration("copy");
        request.Dependencies.ShouldBe([Desk, RecordingEngine.Urn("home:index:Lamp", "wall")]);
        request.PropertyDependencies["color"].Urns.ShouldBe([Desk]);
        request.PropertyDependencies["tags"].Urns.ShouldBe([Desk]);
        request.PropertyDependencies["brightness"].Urns.ShouldBeEmpty();
    }

    [Fact]
    public async Task Depending_on_a_component_is_depending_on_all_its_children()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() =>
        {
            var room = new Room("study");
            _ = new Lamp("last", new LampArgs { Color = "red" }, new CustomResourceOptions { DependsOn = room });
        });

        engine.Registration("last").Dependencies.ShouldBe(
        [
            RecordingEngine.Urn("home:index:Room$home:index:Lamp", "study-first"),
            RecordingEngine.Urn("home:index:Room$home:index:Lamp", "study-second"),
        ]);
    }

    [Fact]
    public async Task A_child_that_depends_on_its_component_does_not_wait_for_itself()
    {
        await using var engine = await RecordingEngine.StartAsync();

        var code = await engine.RunAsync(() =>
        {
            var room = new Room("study");
            _ = new Lamp("late", new LampArgs { Color = "red" }, new CustomResourceOptions { Parent = room, DependsOn = room });
        });

        code.ShouldBe(0);
        engine.Registration("late").Dependencies.ShouldBeEmpty();
    }

    [Fact]
    public async Task Outputs_know_the_resources_they_come_from()
    {
        await using var engine = await RecordingEngine.StartAsync();
        Lamp desk = null!, wall = null!;
        Output<string> both = null!;

        await engine.RunAsync(() =>
        {
            desk = new Lamp("desk", new LampArgs { Color = "red" });
            wall = new Lamp("wall", new LampArgs { Color = "green" });
            both = desk.Color.Apply(first => wall.Color.Apply(second => first + second));
        });

        (await OutputUtilities.GetValueAsync(both)).ShouldBe("redgreen");
        (await OutputUtilities.GetDependenciesAsync(both)).ShouldBe([desk, wall], ignoreOrder: true);
    }

    [Fact]
    public async Task What_the_program_does_to_its_options_and_arguments_afterwards_does_not_count()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() =>
        {
            var args = new LampArgs { Color = "red", Tags = { ["early"] = "yes" } };
            var options = new CustomResourceOptions { IgnoreChanges = { "color" } };
            _ = new Lamp("desk", args, options);
            args.Color = "blue";
            args.Tags["late"] = "yes";
            options.IgnoreChanges.Add("brightness");
        });

        engine.Inputs("desk").ShouldBe(PropertyMap.Of(("color", "red"), ("tags", new PropertyValue.Object(PropertyMap.Of(("early", "yes"))))));
        engine.Registration("desk").IgnoreChanges.ShouldBe(["color"]);
    }
}
