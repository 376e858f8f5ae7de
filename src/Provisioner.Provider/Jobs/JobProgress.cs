using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Jobs;

/// <summary>How a job stands.</summary>
internal enum JobStanding
{
    Running,

    /// <summary>It has an exit status.</summary>
    Ended,

    /// <summary>It has none, and its process is gone: the device was restarted, or somebody killed it.</summary>
    Interrupted,

    /// <summary>The device does not know it.</summary>
    Gone,
}

/// <summary>What <see cref="JobScripts.Watch"/> told. Pure.</summary>
/// <param name="Standing">How the job stands.</param>
/// <param name="ExitStatus">Of a job that ended; 0 is good.</param>
/// <param name="Events">How many begins and ends of steps were told.</param>
/// <param name="Current">The number of the step that runs or failed, from 1; 0 before the first.</param>
/// <param name="Elapsed">Since that step began.</param>
/// <param name="Total">Since the first step began.</param>
/// <param name="LogTail">The end of the log, fit to be read by people.</param>
internal sealed record JobProgress(JobStanding Standing, int ExitStatus, int Events, int Current, TimeSpan Elapsed, TimeSpan Total, string LogTail)
{
    /// <summary>Reads an answer; lines that say nothing are passed over.</summary>
    public static JobProgress Parse(ReadOnlySpan<byte> answer)
    {
        var text = System.Text.Encoding.UTF8.GetString(answer);
        var cut = text.IndexOf("\nlog\n", StringComparison.Ordinal);
        var (head, log) = cut < 0 ? (text, "") : (text[..cut], text[(cut + 5)..]);
        var progress = new JobProgress(JobStanding.Gone, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, RemoteText.Tail(System.Text.Encoding.UTF8.GetBytes(log)));
        long uptime = 0, first = -1, begun = 0, ended = -1;
        foreach (var words in head.Split('\n').Select(line => line.Split(' ')))
        {
            switch (words)
            {
                case ["state", "ended", var status]: progress = progress with { Standing = JobStanding.Ended, ExitStatus = (int)Number(status) }; break;
                case ["state", "interrupted"]: progress = progress with { Standing = JobStanding.Interrupted }; break;
                case ["state", "running"]: progress = progress with { Standing = JobStanding.Running }; break;
                case ["uptime", var seconds]: uptime = Number(seconds); break;
                case ["step", var number, "begin", var seconds]:
                    (begun, ended) = (Number(seconds), -1);
                    first = first < 0 ? begun : first;
                    progress = progress with { Current = (int)Number(number), Events = progress.Events + 1 };
                    break;
                case ["step", _, "end", var seconds, _]:
                    ended = Number(seconds);
                    progress = progress with { Events = progress.Events + 1 };
                    break;
            }
        }

        var now = progress.Standing == JobStanding.Running || ended < 0 ? uptime : ended;
        return first < 0 ? progress : progress with { Elapsed = Span(now - begun), Total = Span(now - first) };
    }

    /// <summary>A line for people: which step, how long it has taken, and, when it ran before, how long all of it still takes.</summary>
    public string Describe(Job job, ImmutableDictionary<string, TimeSpan> lastTime)
    {
        if (Current < 1 || Current > job.Steps.Length)
        {
            return $"{job.Title}: beginning";
        }

        var step = job.Steps[Current - 1];
        var text = $"{(char)('a' + Current - 1)} of {(char)('a' + job.Steps.Length - 1)}: {step.Sentence}, {Duration(Elapsed)}";
        return Remaining(job, lastTime) is { } remaining ? $"{text}, about {Duration(remaining)} to go" : text;
    }

    /// <summary>By what each step took the last time; null when one of those to come never ran.</summary>
    internal TimeSpan? Remaining(Job job, ImmutableDictionary<string, TimeSpan> lastTime)
    {
        var remaining = TimeSpan.Zero;
        for (var index = Math.Max(Current - 1, 0); index < job.Steps.Length; index++)
        {
            if (!lastTime.TryGetValue(job.Steps[index].Name, out var took))
            {
                return null;
            }

            var left = index == Current - 1 ? took - Elapsed : took;
            remaining += left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        return remaining;
    }

    /// <summary>The durations that <see cref="JobScripts.Start"/> told: a name and seconds on each line.</summary>
    public static ImmutableDictionary<string, TimeSpan> Durations(string answer) =>
        answer.Split('\n').Select(line => line.Split(' ')).Where(words => words.Length == 2)
            .Aggregate(ImmutableDictionary<string, TimeSpan>.Empty, (known, words) => known.SetItem(words[0], Span(Number(words[1]))));

    /// <summary>12 s, 3 min 5 s, 2 h 10 min.</summary>
    internal static string Duration(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalSeconds} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min"),
    };

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    // What a device says may be anything; nothing takes a century.
    private static TimeSpan Span(long seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 100L * 366 * 24 * 3600));
}
