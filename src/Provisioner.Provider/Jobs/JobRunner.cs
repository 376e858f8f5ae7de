using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Jobs;

/// <summary>Starts a job, or attaches to it, and stays with it to its end, however often the connection breaks.</summary>
internal static class JobRunner
{
    /// <summary>How long one question waits for news, in seconds.</summary>
    private const int Round = 10;

    // The device may be busy with the very job, or its access point may be down for a while; the job goes on meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <exception cref="JobFailedException">The job failed, was interrupted, or takes longer than it may.</exception>
    /// <exception cref="ProviderException">The device cannot be reached any more; the job goes on.</exception>
    public static async Task RunAsync(IRemote remote, Job job, IOperationContext context, CancellationToken cancellation)
    {
        var begin = await AgainAsync(remote, JobScripts.Start(job) with { Idempotent = true }, context, cancellation);
        var lastTime = JobProgress.Durations(begin.Text);
        if (begin.Text.StartsWith("attached", StringComparison.Ordinal))
        {
            context.Info($"{job.Title}: it runs on the device already, begun earlier; attached to it");
        }

        var seen = 0;
        while (true)
        {
            var answer = await AgainAsync(remote, JobScripts.Watch(job, seen, Round), context, cancellation);
            var progress = JobProgress.Parse(answer.Stdout.Span);
            if (progress.Standing == JobStanding.Ended && progress.ExitStatus == 0)
            {
                context.Info($"{job.Title}: done in {JobProgress.Duration(progress.Total)}");
                return;
            }

            if (progress.Standing != JobStanding.Running)
            {
                throw Failed(job, progress, remote);
            }

            if (progress.Total > job.Deadline)
            {
                throw new JobFailedException($"{job.Title}: it takes longer than {JobProgress.Duration(job.Deadline)}")
                {
                    Where = remote.Address.Display,
                    Why = $"it is still at: {progress.Describe(job, lastTime)}\nthe end of its log:\n{progress.LogTail}",
                    Next = $"it goes on; look at {job.Folder}/{job.Id}/log on the device. Run up again to wait for it",
                };
            }

            seen = progress.Events;
            context.Status(progress.Describe(job, lastTime));
        }
    }

    private static async Task<ScriptResult> AgainAsync(IRemote remote, Script script, IOperationContext context, CancellationToken cancellation)
    {
        try
        {
            return await remote.RunAsync(script, cancellation);
        }
        catch (Exception lost) when (lost is DeviceLinkLostException or DeviceUnreachableException)
        {
            context.Status("the connection was lost; what runs on the device goes on, and is attached to again");
            context.Debug(lost.Message);
        }

        // A second loss is caught by the same patience; only a device that stays away ends the wait.
        var since = context.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await remote.RunAsync(script with { DialPatience = Patience }, cancellation);
            }
            catch (DeviceLinkLostException lost) when (context.Time.GetElapsedTime(since) < Patience)
            {
                context.Debug(lost.Message);
            }
        }
    }

    private static JobFailedException Failed(Job job, JobProgress progress, IRemote remote)
    {
        var step = progress.Current >= 1 && progress.Current <= job.Steps.Length ? job.Steps[progress.Current - 1] : null;
        var at = step is null ? "before its first step" : $"at: {step.Sentence}";
        return new JobFailedException(progress.Standing switch
        {
            JobStanding.Ended => $"{job.Title}: it ended with exit code {progress.ExitStatus} {at}",
            JobStanding.Interrupted => $"{job.Title}: it was interrupted {at}; the device was restarted, or the job was killed",
            _ => $"{job.Title}: the device does not know the job any more",
        })
        {
            ExitStatus = progress.Standing == JobStanding.Ended ? progress.ExitStatus : null,
            Step = step?.Name,
            Where = remote.Address.Display,
            Why = progress.LogTail.Length == 0 ? "its log is empty" : $"the end of its log:\n{progress.LogTail}",
            Next = step?.WhenItFails ?? $"the whole log is {job.Folder}/{job.Id}/log on the device; run up again: what is done already is not done again",
        };
    }
}

/// <summary>A job on a device failed, was interrupted, or takes too long.</summary>
public sealed class JobFailedException(string what) : ProviderException("job.failed", Grpc.Core.StatusCode.Aborted, what)
{
    /// <summary>Of the step that failed; null when there is none.</summary>
    public int? ExitStatus { get; init; }

    /// <summary>The name of the step at which it stood.</summary>
    public string? Step { get; init; }
}
