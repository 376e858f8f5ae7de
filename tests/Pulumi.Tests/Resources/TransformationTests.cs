namespace Pulumi.Tests;

public sealed class TransformationTests
{
    [Fact]
    public async Task Transformations_change_inputs_and_options_the_resources_own_first_then_the_parents_then_the_stacks()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunStackAsync(() => new House())).ShouldBe(0);

        engine.Inputs("hall-first")["color"].ShouldBe("red of the room of the house");
        engine.Registration("hall-first").Protect.ShouldBeTrue();
        engine.Inputs("own")["color"].ShouldBe("blue itself of the house");
        engine.Registration("hall").Protect.ShouldBeFalse();
    }

    [Fact]
    public async Task Another_parent_is_refused()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() =>
        {
            var room = new Room("hall");
            _ = new Lamp("a", new LampArgs { Color = "red" }, new CustomResourceOptions
            {
                ResourceTransformations = { args => new ResourceTransformationResult(args.Args, new CustomResourceOptions { Parent = room }) },
            });
        })).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldContain("gave 'a' (home:index:Lamp) another parent");
    }

    private static ResourceTransformation Append(string text, bool protect = false) => args => args.Args is not LampArgs lamp ? null
        : new ResourceTransformationResult(
            new LampArgs { Color = Output.Format($"{lamp.Color} {text}") },
            protect ? CustomResourceOptions.Merge((CustomResourceOptions)args.Options, new CustomResourceOptions { Protect = true }) : args.Options);

    private sealed class House : Stack
    {
        public House()
            : base(new StackOptions { ResourceTransformations = { Append("of the house") } })
        {
            _ = new Room("hall", new ComponentResourceOptions { ResourceTransformations = { Append("of the room", protect: true) } });
            _ = new Lamp("own", new LampArgs { Color = "blue" }, new CustomResourceOptions { ResourceTransformations = { Append("itself") } });
        }
    }
}
