using System.Collections.Immutable;
using System.Text;
using Provisioner.Provider.Jobs;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Jobs;

/// <summary>What people read of a job, from what the device said.</summary>
public sealed class JobProgressTests
{
    private static readonly Job Lamp = new("install", "install the lamp",
        [new JobStep("build", "build the system", Shell.Of($"true")), new JobStep("install", "install it", Shell.Of($"true")), new JobStep("verify", "verify it", Shell.Of($"true"))]);

    private static readonly ImmutableDictionary<string, TimeSpan> LastTime =
        JobProgress.Durations("started\nbuild 600\ninstall 120\nverify 5\n");

    [Fact]
    public void The_first_time_only_the_elapsed_time_is_told() =>
        Parse("state running\nuptime 190\nstep 1 begin 5\nlog\n").Describe(Lamp, ImmutableDictionary<string, TimeSpan>.Empty).ShouldBe("a of c: build the system, 3 min 5 s");

    [Fact]
    public void Later_what_is_left_is_told_too() =>
        Parse("state running\nuptime 665\nstep 1 begin 5\nstep 1 end 605 0\nstep 2 begin 605\nlog\n").Describe(Lamp, LastTime).ShouldBe("b of c: install it, 1 min 0 s, about 1 min 5 s to go");

    [Fact]
    public void A_step_that_takes_longer_than_last_time_counts_as_nearly_done() =>
        Parse("state running\nuptime 905\nstep 1 begin 5\nlog\n").Describe(Lamp, LastTime).ShouldBe("a of c: build the system, 15 min 0 s, about 2 min 5 s to go");

    [Fact]
    public void The_log_is_kept_apart_from_what_it_could_be_mistaken_for()
    {
        var progress = Parse("state ended 3\nuptime 9\nstep 1 begin 5\nstep 1 end 8 3\nlog\nstate ended 0\nerror: no room\n");
        progress.ShouldSatisfyAllConditions(
            () => progress.ExitStatus.ShouldBe(3),
            () => progress.Elapsed.ShouldBe(TimeSpan.FromSeconds(3)),
            () => progress.LogTail.ShouldBe("state ended 0\nerror: no room"));
    }

    [Fact]
    public void A_device_that_knows_nothing_of_the_job_says_so() => Parse("state gone\n").Standing.ShouldBe(JobStanding.Gone);

    [Fact]
    public void Another_text_is_another_job_and_the_same_text_the_same()
    {
        (Lamp with { Title = "another title" }).Id.ShouldBe(Lamp.Id);
        (Lamp with { Steps = [Lamp.Steps[0]] }).Id.ShouldNotBe(Lamp.Id);
    }

    [Fact]
    public void A_preview_names_every_step_of_a_job() =>
        Lamp.Sentence.ShouldBe("install the lamp, as a job that goes on without a connection:\n     a. build the system\n     b. install it\n     c. verify it");

    private static JobProgress Parse(string answer) => JobProgress.Parse(Encoding.UTF8.GetBytes(answer));
}
