using Pulumi.Wire.Rpc;

namespace Pulumi.Tests;

public sealed class LogTests
{
    [Fact]
    public async Task Messages_arrive_in_the_order_in_which_they_were_written()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() =>
        {
            for (var number = 0; number < 50; number++)
            {
                Log.Info($"{number}");
            }
        });

        engine.Logs.Select(log => log.Message).ShouldBe(Enumerable.Range(0, 50).Select(number => $"{number}"));
    }

    [Fact]
    public async Task A_message_about_a_resource_carries_its_urn()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() => Log.Warn("dim", new Lamp("desk", new LampArgs { Color = "red" }), streamId: 7, ephemeral: true));

        engine.Logs.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            log => log.Severity.ShouldBe(LogSeverity.Warning),
            log => log.Message.ShouldBe("dim"),
            log => log.Urn.ShouldBe(RecordingEngine.Urn("home:index:Lamp", "desk")),
            log => log.StreamId.ShouldBe(7),
            log => log.Ephemeral.ShouldBeTrue());
    }

    [Fact]
    public async Task An_exception_that_came_up_near_a_secret_is_logged_without_its_message()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() => Output.CreateSecret("hunter2").Apply(pin =>
        {
            Log.Exception(new FormatException($"what is {pin}?"));
            return 0;
        }));

        var message = engine.Logs.ShouldHaveSingleItem().Message;
        message.ShouldContain("FormatException");
        message.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task An_output_turned_into_text_is_warned_of()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() => Output.CreateSecret("hunter2").ToString().ShouldNotContain("hunter2"));

        engine.Logs.ShouldHaveSingleItem().Severity.ShouldBe(LogSeverity.Warning);
    }
}
