using Grpc.Core;
using Pulumi.Wire.Rpc;

namespace Pulumi.Tests;

public sealed class FailureTests
{
    private static readonly string Desk = RecordingEngine.Urn("home:index:Lamp", "desk");

    [Fact]
    public async Task A_failing_apply_makes_the_program_end_with_32_and_the_error_names_the_resource()
    {
        await using var engine = await RecordingEngine.StartAsync();

        var code = await engine.RunAsync(() =>
            new Lamp("desk", new LampArgs { Color = "red" }).Color.Apply(int (color) => throw new InvalidOperationException("no such color")));

        code.ShouldBe(32);
        var error = engine.Logs.Where(log => log.Severity == LogSeverity.Error).ShouldHaveSingleItem();
        error.Urn.ShouldBe(Desk);
        error.Message.ShouldContain("'desk' (home:index:Lamp)");
        error.Message.ShouldContain("no such color");
        engine.Shutdowns.ShouldBe(0);
    }

    [Fact]
    public async Task A_failing_asynchronous_apply_is_no_different()
    {
        await using var engine = await RecordingEngine.StartAsync();

        var code = await engine.RunAsync(() => new Lamp("desk", new LampArgs { Color = "red" }).Color.Apply(async Task (color) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("no such color");
        }));

        code.ShouldBe(32);
        engine.ErrorLogs.ShouldHaveSingleItem().ShouldContain("'desk' (home:index:Lamp)");
    }

    [Fact]
    public async Task An_error_near_a_secret_is_told_without_its_message()
    {
        await using var engine = await RecordingEngine.StartAsync();

        var code = await engine.RunAsync(
            () => new Config().RequireSecret("pin").Apply(int.Parse),
            config: """{"lamp:pin": "hunter2"}""",
            secretKeys: """["lamp:pin"]""");

        code.ShouldBe(32);
        var error = engine.ErrorLogs.ShouldHaveSingleItem();
        error.ShouldContain("System.FormatException");
        error.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task An_error_in_what_an_apply_on_a_secret_sets_going_is_told_without_its_message()
    {
        await using var engine = await RecordingEngine.StartAsync();

        for (var attempt = 0; attempt < 20; attempt++)
        {
            (await engine.RunAsync(() => Output.CreateSecret("hunter2").Apply(pin => Output.Create(FailAsync(pin)).Apply(number => number + 1)))).ShouldBe(32);
        }

        engine.ErrorLogs.Count().ShouldBe(20);
        engine.ErrorLogs.ShouldAllBe(error => error.Contains("System.FormatException") && !error.Contains("hunter2"));

        static async Task<int> FailAsync(string pin)
        {
            await Task.Yield();
            return int.Parse(pin, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task A_failing_program_ends_with_32_and_the_error_names_the_stack()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() => throw new InvalidOperationException("broken"))).ShouldBe(32);

        var error = engine.ErrorLogs.ShouldHaveSingleItem();
        error.ShouldContain("stack \"dev\"");
        error.ShouldContain("broken");
    }

    [Fact]
    public async Task A_failing_stack_constructor_ends_with_32()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunStackAsync(() => throw new InvalidOperationException("broken"))).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldContain("broken");
    }

    [Fact]
    public async Task A_cancelled_task_fails_the_run()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() => Output.Create(Task.FromCanceled<int>(new CancellationToken(canceled: true))))).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldContain("TaskCanceledException");
    }

    [Fact]
    public async Task A_failure_counts_once_however_much_follows_from_it()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() =>
        {
            var broken = Output.Create(1).Apply(string (_) => throw new InvalidOperationException("broken"));
            _ = new Lamp("one", new LampArgs { Color = broken });
            _ = new Lamp("two", new LampArgs { Color = broken });
        });

        engine.ErrorLogs.ShouldHaveSingleItem();
        engine.Registrations.ShouldNotContain(request => request.Name == "one" || request.Name == "two");
    }

    [Fact]
    public async Task A_refused_registration_is_told_with_the_engines_reason()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.Answer = (request, _) =>
        {
            if (request.Name == "desk")
            {
                throw new RpcException(new Status(StatusCode.InvalidArgument, "there is a desk already"));
            }
        };

        (await engine.RunAsync(() => _ = new Lamp("desk", new LampArgs { Color = "red" }))).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldBe("The engine refused 'desk' (home:index:Lamp): there is a desk already");
    }

    [Fact]
    public async Task When_the_engine_closes_in_mid_run_it_has_said_why_itself_and_the_program_ends_quietly()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.Answer = (request, _) =>
        {
            if (request.Custom)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "resource monitor shut down"));
            }
        };

        (await engine.RunAsync(() =>
        {
            _ = new Lamp("desk", new LampArgs { Color = "red" });
            _ = new Lamp("wall", new LampArgs { Color = "red" });
        })).ShouldBe(32);

        engine.ErrorLogs.ShouldBeEmpty();
        engine.Logs.Single(log => log.Severity == LogSeverity.Debug).Message.ShouldContain("the engine takes no more registrations (resource monitor shut down)");
    }

    [Fact]
    public async Task After_a_failure_registrations_in_flight_are_let_finish_and_new_ones_are_not_sent()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.Hold("slow");
        var mayFail = new TaskCompletionSource<int>();

        var run = engine.RunAsync(() =>
        {
            var slow = new Lamp("slow", new LampArgs { Color = "red" });
            _ = new Lamp("after", new LampArgs { Color = slow.Color });
            Output.Create(mayFail.Task).Apply(int (_) => throw new InvalidOperationException("broken"));
        });
        await engine.ArrivalOf("slow");
        mayFail.SetResult(1);
        await engine.FirstError;

        run.IsCompleted.ShouldBeFalse();
        engine.Release("slow");

        (await run).ShouldBe(32);
        engine.Answered.ShouldContain("slow");
        engine.Registrations.ShouldNotContain(request => request.Name == "after");
        engine.ErrorLogs.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_missing_required_input_is_told_by_its_name_and_resource()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() => _ = new Lamp("desk", new LampArgs()))).ShouldBe(32);

        var error = engine.ErrorLogs.ShouldHaveSingleItem();
        error.ShouldContain("LampArgs.Color is required");
        error.ShouldContain("'desk' (home:index:Lamp)");
    }

    [Fact]
    public async Task An_input_of_an_unknown_type_is_told_by_its_path()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() => _ = new Lamp("desk", new LampArgs { Color = "red", Anything = new List<object> { DateTime.UnixEpoch } }))).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldContain("\"anything[0]\" is of the type DateTime");
    }

    [Fact]
    public async Task A_logged_error_makes_the_run_fail_at_its_end()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() => Log.Error("that is not good"))).ShouldBe(1);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldBe("that is not good");
        engine.Shutdowns.ShouldBe(0);
    }

    [Fact]
    public async Task An_error_that_the_engine_does_not_take_goes_to_standard_error()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.TakesLogs = false;

        (await engine.RunAsync(() => throw new RunException("the hostname is missing"))).ShouldBe(1);

        engine.Errors.ToString().ShouldContain("the hostname is missing");
    }

    [Fact]
    public async Task Without_a_run_there_is_a_clear_error() =>
        await Task.Run(() => Should.Throw<InvalidOperationException>(() => new Config()).Message.ShouldContain("Deployment.RunAsync"));

    [Fact]
    public async Task A_run_inside_a_run_is_refused()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(async () =>
        {
            await engine.RunAsync(() => { });
            return new Dictionary<string, object?>();
        })).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldContain("running already");
    }
}
