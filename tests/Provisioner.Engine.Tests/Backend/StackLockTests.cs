using System.Diagnostics;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Backend.Locks;
using Provisioner.Engine.Files;

namespace Provisioner.Engine.Tests.Backend;

public sealed class StackLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_lock_that_is_held_is_told_with_who_holds_it_and_the_way_out()
    {
        using var held = Take();

        var error = Should.Throw<StackLockedException>(Take);

        var line = error.Holders.ShouldHaveSingleItem();
        line.ShouldContain($"pi@here, process {Environment.ProcessId}, since ");
        line.ShouldContain(_folder.Path);
        line.ShouldContain("stop that process");
        error.Message.ShouldContain("\"dev\"");
    }

    [Fact]
    public void A_lock_that_was_released_is_gone()
    {
        Take().Dispose();

        Directory.EnumerateFiles(_folder.Path).ShouldBeEmpty();
        Take().Dispose();
    }

    [Fact]
    public void Pulumis_CLI_can_read_our_lock()
    {
        using var held = Take();

        var json = JObject.Parse(File.ReadAllText(Directory.EnumerateFiles(_folder.Path).Single()));

        ((int)json["pid"]!).ShouldBe(Environment.ProcessId);
        ((string)json["username"]!).ShouldBe("pi");
        ((string)json["hostname"]!).ShouldBe("here");
        DateTimeOffset.TryParse(json["timestamp"]!.ToString(), out _).ShouldBeTrue();
    }

    [Fact]
    public void The_lock_of_a_process_that_is_gone_is_taken_over_with_a_note()
    {
        using (var gone = Process.Start("true"))
        {
            gone.WaitForExit();
            Write(gone.Id, "here");
        }

        using var held = Take();

        held.Notes.ShouldHaveSingleItem().ShouldContain("Took over");
        Directory.EnumerateFiles(_folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public void The_lock_of_another_machine_is_never_taken_over()
    {
        Write(int.MaxValue, "elsewhere");

        Should.Throw<StackLockedException>(Take).Message.ShouldContain("pulumi cancel");
    }

    [Theory]
    [InlineData("bootId", true)]
    [InlineData("startTicks", true)]
    [InlineData("pidNamespace", false)]
    [InlineData("machineId", false)]
    public void A_living_process_with_the_same_number_is_told_from_the_dead_one(string field, bool taken)
    {
        Take().ShouldNotBeNull();
        var path = Directory.EnumerateFiles(_folder.Path).Single();
        var json = JObject.Parse(File.ReadAllText(path));
        json[field] = "another";
        File.WriteAllText(path, json.ToString());

        if (taken)
        {
            Take().Notes.ShouldHaveSingleItem();
        }
        else
        {
            Should.Throw<StackLockedException>(Take);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"pid\": 1")]
    [InlineData("[]")]
    public void A_lock_that_cannot_be_read_counts(string text)
    {
        File.WriteAllText(_folder.File("x.json"), text);

        Should.Throw<StackLockedException>(Take).Message.ShouldContain("not readable as a lock");
    }

    [Fact]
    public async Task Of_many_who_come_at_once_never_two_go_on()
    {
        var holders = 0;
        var successes = 0;
        var most = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8 }, (_, _) =>
        {
            try
            {
                using var held = Take();
                var now = Interlocked.Increment(ref holders);
                Interlocked.Increment(ref successes);
                InterlockedMax(ref most, now);
                Thread.Yield();
                Interlocked.Decrement(ref holders);
            }
            catch (StackLockedException)
            {
                // As it should be, while somebody else holds it.
            }

            return ValueTask.CompletedTask;
        });

        most.ShouldBe(1);
        successes.ShouldBeGreaterThan(0);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; seen < value; seen = target)
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private StackLock Take() => StackLock.Take(FileOperations.Instance, _folder.Path, "dev", Hosts.In(_folder.Path), TimeProvider.System);

    private void Write(int pid, string host) =>
        File.WriteAllText(_folder.File($"{Guid.NewGuid()}.json"), $$"""{"pid":{{pid}},"username":"pi","hostname":"{{host}}","timestamp":"2026-08-21T19:18:00Z"}""");
}
