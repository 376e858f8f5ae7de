namespace Pulumi.Tests;

public sealed class LoadTests
{
    [Fact]
    public async Task More_registrations_wait_for_the_engine_at_once_than_one_connection_carries()
    {
        const int count = 250;
        await using var engine = await RecordingEngine.StartAsync();
        var names = Enumerable.Range(0, count).Select(number => $"lamp-{number}").ToArray();
        foreach (var name in names)
        {
            engine.Hold(name);
        }

        var run = engine.RunAsync(() =>
        {
            foreach (var name in names)
            {
                _ = new Lamp(name, new LampArgs { Color = "red" });
            }
        });
        await Task.WhenAll(names.Select(engine.ArrivalOf));
        foreach (var name in names)
        {
            engine.Release(name);
        }

        (await run).ShouldBe(0);
        engine.Registrations.Count.ShouldBe(count + 1);
    }
}
