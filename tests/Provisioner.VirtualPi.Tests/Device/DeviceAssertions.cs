namespace Provisioner.VirtualPi.Tests.Device;

internal static class DeviceAssertions
{
    /// <summary>Asks again and again over the service port until the output is as wanted; fails with the last output.</summary>
    public static async Task ShouldComeToSayAsync(this PiMachine machine, string command, Func<string, bool> wanted)
    {
        // Generous, and never waited out by a test that passes: an emulated processor shares the host with everything else.
        var deadline = TimeSpan.FromMinutes(2);
        var started = TimeProvider.System.GetTimestamp();
        string said;
        while (!wanted(said = (await machine.RunAsync(command, cancellationToken: TestContext.Current.CancellationToken)).Output.Trim()))
        {
            if (TimeProvider.System.GetElapsedTime(started) > deadline)
            {
                Assert.Fail($"'{command}' still says: {said}");
            }
        }
    }

    public static async Task<string> SaysAsync(this PiMachine machine, string command, string? input = null) =>
        (await machine.RunAsync(command, input, TestContext.Current.CancellationToken)).Succeeded().Trim();
}
