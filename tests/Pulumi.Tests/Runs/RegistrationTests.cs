using Pulumi.Utilities;
using Pulumi.Wire;

namespace Pulumi.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public async Task The_stack_comes_first_and_is_the_parent_of_what_names_no_other()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() => _ = new Lamp("desk", new LampArgs { Color = "red" }))).ShouldBe(0);

        engine.Registrations.First().ShouldSatisfyAllConditions(
            stack => stack.Type.ShouldBe("pulumi:pulumi:Stack"),
            stack => stack.Name.ShouldBe("lamp-dev"),
            stack => stack.Custom.ShouldBeFalse(),
            stack => stack.Parent.ShouldBeEmpty());
        engine.Registration("desk").ShouldSatisfyAllConditions(
            lamp => lamp.Type.ShouldBe("home:index:Lamp"),
            lamp => lamp.Custom.ShouldBeTrue(),
            lamp => lamp.Parent.ShouldBe(RecordingEngine.Urn("pulumi:pulumi:Stack", "lamp-dev")),
            lamp => lamp.AcceptSecrets.ShouldBeTrue(),
            lamp => lamp.AcceptResources.ShouldBeTrue(),
            lamp => lamp.SupportsPartialValues.ShouldBeFalse());
    }

    [Fact]
    public async Task The_run_ends_with_waiting_for_the_engine()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() => { })).ShouldBe(0);

        engine.Shutdowns.ShouldBe(1);
    }

    [Fact]
    public async Task An_engine_that_knows_no_waiting_is_fine()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.HasShutdownCall = false;

        (await engine.RunAsync(() => { })).ShouldBe(0);
    }

    [Fact]
    public async Task Inputs_are_sent_as_the_program_gave_them()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() => _ = new Lamp("desk", new LampArgs
        {
            Color = Output.CreateSecret("red"),
            Brightness = 3,
            Tags = { ["room"] = "study" },
            Wires = new[] { "blue", "brown" },
            Bulb = new BulbArgs { Watts = 7.5, Socket = Socket.E27 },
            Settings = new InputMap<object> { ["dim"] = true, ["name"] = Output.Create<object>("x") },
        }));

        engine.Inputs("desk").ShouldBe(PropertyMap.Of(
            ("color", new PropertyValue.Secret("red")),
            ("brightness", 3d),
            ("tags", new PropertyValue.Object(PropertyMap.Of(("room", "study")))),
            ("wires", new PropertyValue.Array(["blue", "brown"])),
            ("bulb", new PropertyValue.Object(PropertyMap.Of(("watts", 7.5), ("socket", "E27")))),
            ("settings", """{ "dim": true, "name": "x" }""")));
    }

    [Fact]
    public async Task Json_with_a_secret_inside_is_a_secret()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() => _ = new Lamp("desk", new LampArgs
        {
            Color = "red",
            Settings = new InputMap<object> { ["pin"] = Output.CreateSecret<object>("1234") },
        }));

        engine.Inputs("desk")["settings"].ShouldBe(new PropertyValue.Secret("""{ "pin": "1234" }"""));
    }

    [Fact]
    public async Task Outputs_are_filled_with_the_engines_answer()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.Answer = (request, response) =>
        {
            if (request.Name == "desk")
            {
                response.Object = PropertyCodec.Encode(PropertyMap.Of(
                    ("color", new PropertyValue.Secret("red")),
                    ("brightness", 3d),
                    ("wires", new PropertyValue.Array(["blue"])),
                    ("tags", new PropertyValue.Object(PropertyMap.Of(("room", "study")))),
                    ("bulb", new PropertyValue.Object(PropertyMap.Of(
                        ("watts", 7.5), ("socket", "E27"), ("makers", new PropertyValue.Array(["a", "b"])))))));
            }
        };
        Lamp lamp = null!;

        (await engine.RunAsync(() => lamp = new Lamp("desk", new LampArgs { Color = "red" }))).ShouldBe(0);

        (await OutputUtilities.GetValueAsync(lamp.Urn)).ShouldBe(RecordingEngine.Urn("home:index:Lamp", "desk"));
        (await OutputUtilities.GetValueAsync(lamp.Id)).ShouldBe("desk-id");
        (await OutputUtilities.GetValueAsync(lamp.Color)).ShouldBe("red");
        (await Output.IsSecretAsync(lamp.Color)).ShouldBeTrue();
        (await OutputUtilities.GetValueAsync(lamp.Brightness)).ShouldBe(3);
        (await OutputUtilities.GetValueAsync(lamp.Wires)).ShouldBe(["blue"]);
        (await OutputUtilities.GetValueAsync(lamp.Tags))!["room"].ShouldBe("study");
        var bulb = (await OutputUtilities.GetValueAsync(lamp.Bulb))!;
        bulb.Watts.ShouldBe(7.5);
        bulb.Socket.ShouldBe(Socket.E27);
        bulb.Makers.ShouldBe(["a", "b"]);
        (await OutputUtilities.GetIsKnownAsync(lamp.Serial)).ShouldBeTrue();
        (await OutputUtilities.GetValueAsync(lamp.Serial)).ShouldBeNull();
    }

    [Fact]
    public async Task An_output_of_another_type_is_left_out_with_a_warning_that_does_not_quote_it()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.Answer = (request, response) =>
        {
            if (request.Name == "desk")
            {
                response.Object = PropertyCodec.Encode(PropertyMap.Of(("brightness", "hunter2")));
            }
        };

        (await engine.RunAsync(() => _ = new Lamp("desk", new LampArgs { Color = "red" }))).ShouldBe(0);

        var warning = engine.Logs.Single(log => log.Severity == Wire.Rpc.LogSeverity.Warning);
        warning.Message.ShouldContain("\"brightness\"");
        warning.Message.ShouldNotContain("hunter2");
        warning.Urn.ShouldBe(RecordingEngine.Urn("home:index:Lamp", "desk"));
    }

    [Fact]
    public async Task A_component_gives_out_its_output_properties()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() => _ = new Room("study"))).ShouldBe(0);

        var room = RecordingEngine.Urn("home:index:Room", "study");
        engine.Registration("study").Custom.ShouldBeFalse();
        engine.Registration("study-first").Parent.ShouldBe(room);
        PropertyCodec.Decode(engine.Outputs.Single(outputs => outputs.Urn == room).Outputs)
            .ShouldBe(PropertyMap.Of(("colors", new PropertyValue.Array(["red", "green"]))));
    }

    [Fact]
    public async Task A_function_gives_the_stacks_outputs()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() => Task.FromResult<IDictionary<string, object?>>(new Dictionary<string, object?>
        {
            ["plain"] = 1,
            ["password"] = Output.CreateSecret("hunter2"),
            ["nothing"] = null,
        }))).ShouldBe(0);

        engine.StackOutputs.ShouldBe(PropertyMap.Of(("plain", 1d), ("password", new PropertyValue.Secret("hunter2"))));
    }

    [Fact]
    public async Task A_stack_class_gives_out_its_output_properties()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunStackAsync(MakeHouse)).ShouldBe(0);

        engine.StackOutputs.ShouldBe(PropertyMap.Of(("door", "open"), ("Color", "red")));
    }

    [Fact]
    public async Task A_stack_class_must_set_all_its_outputs()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunStackAsync(() =>
        {
            var stack = new EmptyHouse();
            stack.RegisterPropertyOutputs();
            return stack;
        })).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldContain("\"door\"");
    }

    [Fact]
    public async Task A_resource_is_sent_as_a_reference_where_the_engine_takes_them()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() =>
        {
            var lamp = new Lamp("desk", new LampArgs { Color = "red" });
            _ = new Lamp("wall", new LampArgs { Color = "red", Other = lamp });
        });

        engine.Inputs("wall")["lamp"].ShouldBe(
            new PropertyValue.ResourceReference(RecordingEngine.Urn("home:index:Lamp", "desk"), "desk-id", string.Empty));
    }

    [Fact]
    public async Task A_resource_is_sent_as_its_id_where_the_engine_takes_no_references()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.Features = [];

        await engine.RunAsync(() =>
        {
            var lamp = new Lamp("desk", new LampArgs { Color = "red" });
            _ = new Lamp("wall", new LampArgs { Color = "red", Other = lamp });
        });

        engine.Inputs("wall")["lamp"].ShouldBe("desk-id");
    }

    [Fact]
    public async Task A_resource_with_an_id_in_its_options_is_read_and_not_registered()
    {
        await using var engine = await RecordingEngine.StartAsync();
        Lamp lamp = null!;

        (await engine.RunAsync(() => lamp = new Lamp("desk", new LampArgs { Color = "red" }, new CustomResourceOptions { Id = "abc" }))).ShouldBe(0);

        engine.Reads.ShouldHaveSingleItem().Id.ShouldBe("abc");
        engine.Registrations.ShouldNotContain(request => request.Name == "desk");
        (await OutputUtilities.GetValueAsync(lamp.Color)).ShouldBe("red");
    }

    private static Stack MakeHouse()
    {
        var stack = new House();
        stack.RegisterPropertyOutputs();
        return stack;
    }

    private sealed class House : Stack
    {
        public House() => Color = new Lamp("desk", new LampArgs { Color = "red" }).Color;

        [Output("door")]
        public Output<string> Door { get; private set; } = Output.Create("open");

        [Output]
        public Output<string> Color { get; private set; }
    }

    private sealed class EmptyHouse : Stack
    {
        [Output("door")]
        public Output<string> Door { get; private set; } = null!;
    }
}
