using Grpc.Core;
using Pulumi.Utilities;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Pulumi.Tests;

public sealed class InvokeTests
{
    [Fact]
    public async Task A_function_is_called_with_its_inputs_and_its_answer_is_typed()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.AnswerInvoke = _ => Answer(("watts", 7.5), ("socket", "E27"));
        Output<Bulb> bulb = null!;

        (await engine.RunAsync(() => bulb = Deployment.Instance.Invoke<Bulb>("home:index:bulb", new BulbQuery { Watts = 5 }))).ShouldBe(0);

        engine.Invokes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            request => request.Tok.ShouldBe("home:index:bulb"),
            request => PropertyCodec.Decode(request.Args).ShouldBe(PropertyMap.Of(("watts", 5d))));
        (await OutputUtilities.GetValueAsync(bulb)).Socket.ShouldBe(Socket.E27);
    }

    [Fact]
    public async Task A_function_of_a_secret_answers_a_secret()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.AnswerInvoke = _ => Answer(("watts", 7.5));
        Output<Bulb> bulb = null!;

        await engine.RunAsync(() => bulb = Deployment.Instance.Invoke<Bulb>("home:index:bulb", new BulbQuery { Watts = Output.CreateSecret(5d) }));

        (await Output.IsSecretAsync(bulb)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_function_of_what_does_not_exist_yet_is_not_called()
    {
        await using var engine = await RecordingEngine.StartAsync();
        Output<Bulb> bulb = null!;

        (await engine.PreviewAsync(() =>
        {
            var desk = new Lamp("desk", new LampArgs { Color = "red", Brightness = 3 });
            bulb = Deployment.Instance.Invoke<Bulb>("home:index:bulb", new BulbQuery { Watts = desk.Brightness.Apply(value => (double)value!) });
        })).ShouldBe(0);

        engine.Invokes.ShouldBeEmpty();
        (await OutputUtilities.GetIsKnownAsync(bulb)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_refusing_function_is_told_with_its_reasons()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.AnswerInvoke = _ => new ResourceInvokeResponse { Failures = { new CheckFailure { Property = "watts", Reason = "too many" } } };

        (await engine.RunAsync(() => Deployment.Instance.Invoke<Bulb>("home:index:bulb", new BulbQuery { Watts = 500 }))).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldBe("The function home:index:bulb refused its inputs: watts: too many");
    }

    [Fact]
    public async Task A_failing_function_is_told_with_its_error()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.AnswerInvoke = _ => throw new RpcException(new Status(StatusCode.Unavailable, "the shop is closed"));

        (await engine.RunAsync(async () =>
        {
            await Deployment.Instance.InvokeAsync<Bulb>("home:index:bulb", new BulbQuery { Watts = 5 });
            return new Dictionary<string, object?>();
        })).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldBe("The function home:index:bulb failed: the shop is closed");
    }

    private static ResourceInvokeResponse Answer(params (string Name, PropertyValue Value)[] properties) =>
        new() { Return = PropertyCodec.Encode(PropertyMap.Of(properties)) };

    private sealed class BulbQuery : InvokeArgs
    {
        [Input("watts", required: true)]
        public Input<double> Watts { get; set; } = null!;
    }
}
