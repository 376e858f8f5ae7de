using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Refusals;

[Collection(DeviceCollection.Name)]
public sealed class AbsentDeviceTests(FrozenPiFixture fixture)
{
    [Fact]
    public async Task A_preview_of_a_Pi_that_is_off_warns_that_its_facts_are_old_and_an_up_fails_with_where_why_and_what_to_do()
    {
        await using var lamp = await Lamp.NewAsync(fixture.Frozen);
        (await lamp.Project.UpAsync()).Ended(0);
        var address = $"127.0.0.1:{lamp.Pi.Status().WifiPort}";

        await lamp.Pi.PowerCutAsync(TestContext.Current.CancellationToken);

        var preview = (await lamp.Project.TypeAsync("preview")).Ended(0).Said("warning", address, "the last known facts are shown");
        preview.Printed.ShouldNotContain("this is planned from", Case.Sensitive, "once for each resource is enough");
        (await lamp.Project.UpAsync()).Ended(1).Said("error", address, "does not answer", "check that the device has power");
    }
}
