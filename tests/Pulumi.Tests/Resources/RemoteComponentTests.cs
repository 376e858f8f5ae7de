using Pulumi.Utilities;
using Pulumi.Wire;

namespace Pulumi.Tests;

public sealed class RemoteComponentTests
{
    private static readonly string Desk = RecordingEngine.Urn("home:index:Lamp", "desk");

    [Fact]
    public async Task A_remote_component_gets_outputs_with_their_dependencies_and_its_providers()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() =>
        {
            var desk = new Lamp("desk", new LampArgs { Color = "red" });
            _ = new House(
                "home",
                new LampArgs { Color = Output.CreateSecret(desk.Color), Brightness = 3 },
                new ComponentResourceOptions { Providers = { new ProviderResource("home", "mine", ResourceArgs.Empty) } });
        })).ShouldBe(0);

        engine.Registration("home").ShouldSatisfyAllConditions(
            request => request.Remote.ShouldBeTrue(),
            request => request.Custom.ShouldBeFalse(),
            request => request.Dependencies.ShouldBe([Desk]),
            request => request.Providers["home"].ShouldEndWith("::mine-id"));
        engine.Inputs("home").ShouldBe(PropertyMap.Of(("color", new PropertyValue.Output("red", true, [Desk])), ("brightness", 3d)));
    }

    [Fact]
    public async Task A_remote_components_outputs_are_the_engines()
    {
        await using var engine = await RecordingEngine.StartAsync();
        House house = null!;

        (await engine.RunAsync(() => house = new House("home", new LampArgs { Color = "red" }))).ShouldBe(0);

        (await OutputUtilities.GetValueAsync(house.Color)).ShouldBe("red");
    }

    [Fact]
    public async Task Depending_on_a_remote_component_is_depending_on_itself()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() =>
        {
            var house = new House("home", new LampArgs { Color = "red" });
            _ = new Lamp("desk", new LampArgs { Color = house.Color });
        });

        engine.Registration("desk").Dependencies.ShouldBe([RecordingEngine.Urn("home:index:House", "home")]);
    }

    private sealed class House(string name, LampArgs args, ComponentResourceOptions? options = null)
        : ComponentResource("home:index:House", name, args, options, remote: true)
    {
        [Output("color")]
        public Output<string> Color { get; private set; } = null!;
    }
}
