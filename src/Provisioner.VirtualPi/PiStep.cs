namespace Provisioner.VirtualPi;

/// <summary>A step of building or starting a virtual Pi, told as it happens. Steps do not overlap or nest.</summary>
/// <param name="Name">What is done, as a person reads it: "building ZFS modules for 6.12".</param>
public abstract record PiStep(string Name);

/// <summary>The step begins; a <see cref="PiStepFinished"/> of the same name follows, unless an exception ends it.</summary>
public sealed record PiStepStarted(string Name) : PiStep(Name);

/// <summary>The step is done.</summary>
/// <param name="Name">As in its <see cref="PiStepStarted"/>.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="FromCache">Nothing was to be done: the result of an earlier time is used.</param>
public sealed record PiStepFinished(string Name, TimeSpan Elapsed, bool FromCache) : PiStep(Name);

internal sealed class StepTeller(IProgress<PiStep>? progress, TimeProvider time)
{
    public TimeProvider Time => time;

    public async Task<T> TellAsync<T>(string name, Func<Task<(T Result, bool FromCache)>> step)
    {
        progress?.Report(new PiStepStarted(name));
        var started = time.GetTimestamp();
        var (result, fromCache) = await step();
        progress?.Report(new PiStepFinished(name, time.GetElapsedTime(started), fromCache));
        return result;
    }

    public Task TellAsync(string name, Func<Task> step) => TellAsync(name, async () =>
    {
        await step();
        return (0, false);
    });
}
