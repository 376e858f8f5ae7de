using Provisioner.Provider.Errors;
using Provisioner.Provider.Jobs;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Jobs;

/// <summary>Long work on a device: real processes behind a real sshd, over a wire that is cut.</summary>
public sealed class JobTests : IClassFixture<SshServer>, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FaultyWire _wire;
    private readonly RemoteHub _hub;
    private readonly IRemote _remote;
    private readonly Watcher _context;

    public JobTests(SshServer server)
    {
        _wire = new FaultyWire(server.Port);
        _hub = new RemoteHub(
            server.Options with { Timing = new LinkTiming { Redial = TimeSpan.FromMilliseconds(50) }, DialPatience = TimeSpan.FromSeconds(20) }, TimeProvider.System);
        _remote = _hub.ForChanging(server.Address(port: _wire.Port));
        _context = new Watcher(_remote);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _wire.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_job_runs_its_steps_in_order_and_tells_each_of_them()
    {
        await JobRunner.RunAsync(_remote, Job(Shell.Of($"echo one >>\"$job/trace\""), Shell.Of($"echo two >>\"$job/trace\"")), _context, default);

        Kept("trace").ShouldBe("one\ntwo\n");
        Kept("status").ShouldBe("0\n");
        _context.Told.ShouldContain(line => line.StartsWith("make a lamp: done in ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_is_cut_loses_nothing_and_the_job_is_attached_to_again()
    {
        var job = Job(Shell.Of($"echo begun >>\"$job/trace\"\nuntil [ -e \"$job/go\" ]; do sleep 0.1; done"), Shell.Of($"echo after >>\"$job/trace\""));
        var running = JobRunner.RunAsync(_remote, job, _context, default);
        await Tool.UntilAsync(() => Exists("trace") && !_context.Statuses.IsEmpty, "the job has begun");

        _wire.Cut();
        await Tool.UntilAsync(() => _context.Statuses.Any(status => status.Contains("goes on", StringComparison.Ordinal)), "the loss is noticed");
        File.WriteAllText(Path("go"), "");
        await running;

        Kept("trace").ShouldBe("begun\nafter\n", "the first step ran once");
        _wire.Connections.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Somebody_who_wants_the_same_job_while_it_runs_is_attached_to_it()
    {
        var job = Job(Shell.Of($"echo begun >>\"$job/trace\"\nuntil [ -e \"$job/go\" ]; do sleep 0.1; done"));
        using var stop = new CancellationTokenSource();
        var first = JobRunner.RunAsync(_remote, job, _context, stop.Token);
        await Tool.UntilAsync(() => Exists("trace"), "the job has begun");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);

        var second = JobRunner.RunAsync(_remote, job, _context, default);
        await Tool.UntilAsync(() => _context.Told.Any(line => line.Contains("attached to it", StringComparison.Ordinal)), "it is found running");
        File.WriteAllText(Path("go"), "");
        await second;

        Kept("trace").ShouldBe("begun\n");
    }

    [Fact]
    public async Task Another_job_is_not_begun_beside_one_that_runs()
    {
        var job = Job(Shell.Of($"echo begun >>\"$job/trace\"\nuntil [ -e \"$job/go\" ]; do sleep 0.1; done"));
        var running = JobRunner.RunAsync(_remote, job, _context, default);
        await Tool.UntilAsync(() => Exists("trace"), "the job has begun");

        var other = await Should.ThrowAsync<ScriptFailedException>(() => JobRunner.RunAsync(_remote, Job(Shell.Of($"true")), _context, default));
        File.WriteAllText(Path("go"), "");
        await running;

        other.ExitCode.ShouldBe(JobScripts.Busy);
        other.StderrTail.ShouldContain(job.Id);
        other.StderrTail.ShouldContain("make a lamp");
    }

    [Fact]
    public async Task A_step_that_fails_ends_the_job_with_its_name_and_the_end_of_the_log()
    {
        var failure = await Should.ThrowAsync<JobFailedException>(() =>
            JobRunner.RunAsync(_remote, Job(Shell.Of($"true"), Shell.Of($"echo 'no room left' >&2\nexit 7"), Shell.Of($"echo never >\"$job/trace\"")), _context, default));

        failure.ExitStatus.ShouldBe(7);
        failure.Step.ShouldBe("s2");
        failure.Message.ShouldContain("at: step 2");
        failure.Message.ShouldContain("no room left");
        Exists("trace").ShouldBeFalse();
    }

    [Fact]
    public async Task A_failed_job_is_begun_anew_when_it_is_wanted_again()
    {
        var job = Job(Shell.Of($"[ -e {_folder["cured"]} ] || exit 1"));
        await Should.ThrowAsync<JobFailedException>(() => JobRunner.RunAsync(_remote, job, _context, default));
        _folder.Write("cured", "");

        await JobRunner.RunAsync(_remote, job, _context, default);

        Kept("status").ShouldBe("0\n");
    }

    [Fact]
    public async Task A_job_that_was_killed_is_told_from_one_that_runs()
    {
        var running = JobRunner.RunAsync(_remote, Job(Shell.Of($"kill -9 $PPID\nsleep 60")), _context, default);

        var failure = await Should.ThrowAsync<JobFailedException>(() => running);

        failure.ExitStatus.ShouldBeNull();
        failure.Message.ShouldContain("it was interrupted at: step 1");
    }

    [Fact]
    public async Task The_process_of_an_earlier_boot_is_not_taken_for_the_job()
    {
        var job = Job(Shell.Of($"echo run >>{_folder["trace"]}"));
        await JobRunner.RunAsync(_remote, job, _context, default);
        File.Delete(Path("status"));
        File.WriteAllText(Path("pid"), $"{Environment.ProcessId} 1 another-boot\n");

        JobProgress.Parse((await _remote.RunAsync(JobScripts.Watch(job, 99, 5), default)).Stdout.Span).Standing.ShouldBe(JobStanding.Interrupted);
        await JobRunner.RunAsync(_remote, job, _context, default);

        File.ReadAllText(_folder["trace"]).ShouldBe("run\nrun\n");
    }

    [Fact]
    public async Task From_the_second_time_on_it_is_told_how_long_it_still_takes()
    {
        var job = Job(Shell.Of($"sleep 1.2"), Shell.Of($"true"));
        await JobRunner.RunAsync(_remote, job, _context, default);
        _context.Statuses.ShouldAllBe(status => !status.Contains("to go", StringComparison.Ordinal));

        await JobRunner.RunAsync(_remote, job, _context, default);

        _context.Statuses.ShouldContain(status => status.Contains("a of b: step 1", StringComparison.Ordinal) && status.Contains("to go", StringComparison.Ordinal));
    }

    private Job Job(params Shell[] steps) => new("lamp", "make a lamp", [.. steps.Select((step, index) => new JobStep($"s{index + 1}", $"step {index + 1}", step))])
    {
        Folder = _folder["jobs"],
    };

    private string Path(string name) => System.IO.Path.Combine(Directory.GetDirectories(_folder["jobs"])[0], name);

    private bool Exists(string name) => Directory.Exists(_folder["jobs"]) && Directory.GetDirectories(_folder["jobs"]) is [var job] && File.Exists(System.IO.Path.Combine(job, name));

    private string Kept(string name) => File.ReadAllText(Path(name));
}
