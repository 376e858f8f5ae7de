using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Interruptions;

[Collection(DeviceCollection.Name)]
public sealed class InterruptionTests(FrozenPiFixture fixture)
{
    private const string Ours = "for file in /etc/NetworkManager/system-connections/*; do [ \"${file##*/}\" = bootstrap.nmconnection ] || echo \"$file\"; done";
    private const string AnythingLeft = "find /etc/NetworkManager/system-connections -name '.*' -type f";

    private static readonly string[] Creating = ["WifiProfile", "creating"];

    // A fixed seed: a moment that broke something once comes again.
    private static readonly Random Moments = new(20260731);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Victim.Engine)]
    [InlineData(Victim.Provider)]
    public async Task After_kill_9_in_the_middle_of_an_up_the_next_one_converges_and_nothing_is_there_twice(Victim victim)
    {
        await using var lamp = await Lamp.NewAsync(fixture.Frozen);
        var untouched = await File.ReadAllBytesAsync(lamp.Project.StateFile, Cancellation);
        var cuts = Cuts(victim).ToList();
        var struck = 0;
        foreach (var cut in cuts)
        {
            Tell($"== {cut}");
            struck += await InterruptAsync(lamp, cut) ? 1 : 0;

            (await lamp.Project.UpAsync()).Ended(0);
            await lamp.ProfileShouldBeInPlaceAsync();
            (await lamp.SaysAsync(Ours)).ShouldBe(Lamp.ProfilePath, $"after {cut}");
            (await lamp.SaysAsync(AnythingLeft)).ShouldBeEmpty($"after {cut}");
            (await lamp.Project.ResourceAsync(Lamp.ProfileType)).GetProperty("id").GetString().ShouldNotBeNullOrEmpty($"after {cut}");

            if (cut != cuts[^1])
            {
                await StartOverAsync(lamp, untouched);
            }
        }

        (await lamp.Project.UpAsync("--expect-no-changes")).Ended(0);
        Tell($"{struck} of {cuts.Count} cuts struck");
        struck.ShouldBeGreaterThan(cuts.Count / 2, "most commands were over before they were to be interrupted");
    }

    private static IEnumerable<Cut> Cuts(Victim victim)
    {
        yield return new Cut(victim, Creating, 0, TimeSpan.FromMilliseconds(Moments.Next(1500, 6000)));
        yield return new Cut(victim, [], 2 + Moments.Next(4), TimeSpan.Zero);
        if (victim == Victim.Engine)
        {
            yield return new Cut(victim, Creating, 0, TimeSpan.FromMilliseconds(Moments.Next(0, 1500)));
        }
    }

    private static async Task<bool> InterruptAsync(Lamp lamp, Cut cut)
    {
        var interrupter = new Interrupter(cut, lamp.Project.StateFile);
        var typed = await lamp.Project.TypeAsync(string.Empty, interrupter, CancellationToken.None, "up", "--yes", "--skip-preview");
        var struck = await interrupter.StruckAsync();
        if (struck && cut.Victim == Victim.Provider && typed.ExitCode != 0)
        {
            typed.Ended(1).Said("error");
        }

        return struck;
    }

    /// <summary>Stack and Pi as before the first up: the card's own profile in use, and nothing known.</summary>
    private static async Task StartOverAsync(Lamp lamp, byte[] untouched)
    {
        await File.WriteAllBytesAsync(lamp.Project.StateFile, untouched, Cancellation);
        await lamp.SaysAsync($"rm '{Lamp.ProfilePath}' && nmcli connection reload && nmcli connection up bootstrap");
        await lamp.Pi.WaitForWifiAsync(TimeSpan.FromMinutes(2), Cancellation);
    }

    private static void Tell(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
