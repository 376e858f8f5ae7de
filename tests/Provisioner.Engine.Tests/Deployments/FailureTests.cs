using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.State;
using Provisioner.Engine.Tests.Deployments.Support;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class FailureTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_failed_step_names_its_resource_and_leaves_no_pending_operation()
    {
        var run = (await _world.UpAsync("new Thing('a', { fail: 'create' });")).ShouldFail("create is not possible");

        run.Events.OfType<EngineEvent.StepFailed>().Single().Step.Urn.ShouldBe(World.Urn("a"));
        run.Events.OfType<EngineEvent.Diagnostic>().Single(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Urn.ShouldBe(World.Urn("a"));
        _world.Store.Last.PendingOperations.ShouldBeEmpty();
        _world.Store.Last.Resources.ShouldNotContain(state => state.Urn == World.Urn("a"));
    }

    [Fact]
    public async Task Refused_inputs_name_the_property()
    {
        (await _world.UpAsync("new Thing('a', { reject: true });")).ShouldFail("property \"reject\": is not wanted").CallNames.ShouldNotContain("Create a");
    }

    [Fact]
    public async Task A_half_done_resource_is_saved_and_the_next_up_updates_it()
    {
        (await _world.UpAsync("new Thing('a', { value: 1, half: true });")).ShouldFail("it is only half done");
        var saved = _world.Store.Last.Resources.Single(state => state.Urn == World.Urn("a"));
        saved.Id.ShouldBe("a");
        saved.InitErrors.ShouldBe(["it is only half done"]);
        saved.Outputs["value"].ShouldBe("half");

        var run = (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed();

        run.Step("a").Operation.ShouldBe(StepOperation.Update);
        _world.Store.Last.Resources.Single(state => state.Urn == World.Urn("a")).InitErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_half_done_update_keeps_the_old_inputs()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed();
        (await _world.UpAsync("new Thing('a', { value: 2, half: true });")).ShouldFail("half done");

        var saved = _world.Store.Last.Resources.Single(state => state.Urn == World.Urn("a"));
        saved.Inputs["value"].ShouldBe(1);
        saved.Outputs["value"].ShouldBe(2);
    }

    [Fact]
    public async Task A_provider_that_dies_fails_its_step_with_its_last_words()
    {
        var run = (await _world.UpAsync("new Thing('a', { die: 'create' });")).ShouldFail("last words of create");

        run.Errors.ShouldContain("code 137");
        _world.Store.Last.PendingOperations.ShouldBeEmpty();

        // It did create it before it died; the provider adopts, so there are not two.
        var next = (await _world.UpAsync("new Thing('a', {});")).ShouldSucceed();
        next.Step("a").New!.Outputs["adopted"].ShouldBe(true);
    }

    [Fact]
    public async Task A_crash_between_create_and_save_leaves_a_pending_operation_and_the_next_up_converges()
    {
        var whole = (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed();
        var crashed = _world.Store.All.Last(snapshot => snapshot.PendingOperations.Length > 0);
        crashed.PendingOperations.Single().Type.ShouldBe(PendingOperationType.Creating);
        crashed.PendingOperations.Single().Resource.Urn.ShouldBe(World.Urn("a"));
        crashed.Resources.ShouldNotContain(state => state.Urn == World.Urn("a"));
        _world.Store.Last = crashed;

        var run = (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed();

        run.Events.OfType<EngineEvent.Diagnostic>().ShouldContain(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning && diagnostic.Message.Contains("interrupted"));
        run.Step("a").New!.Outputs["adopted"].ShouldBe(true);
        _world.Store.Last.Resources.Count(state => state.Urn == World.Urn("a")).ShouldBe(1);
        (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed().Result.HasChanges.ShouldBeFalse();
        _world.Store.Last.PendingOperations.Length.ShouldBe(1);
        _world.Options = new DeploymentOptions { ClearPendingCreates = true };
        (await _world.RefreshAsync()).ShouldSucceed();
        _world.Store.Last.PendingOperations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_saved_state_is_in_topological_order()
    {
        const string program = "const a = new Thing('a', { value: V }); const b = new Thing('b', { value: a.stamp, x: V }, { parent: a }); new Thing('c', {}, { dependsOn: b });";
        (await _world.UpAsync(program.Replace("V", "1"))).ShouldSucceed();
        (await _world.UpAsync(program.Replace("V", "2"))).ShouldSucceed();
        (await _world.DestroyAsync()).ShouldSucceed();

        _world.Store.All.Count.ShouldBeGreaterThan(12);
        foreach (var snapshot in _world.Store.All)
        {
            var seen = new HashSet<string>();
            foreach (var state in snapshot.Resources)
            {
                state.Dependencies.Append(state.Parent).Where(urn => urn.Length > 0).ShouldAllBe(urn => seen.Contains(urn));
                seen.Add(state.Urn);
            }
        }
    }

    [Fact]
    public async Task The_same_urn_twice_is_refused()
    {
        (await _world.UpAsync("new Thing('a', {}); new Thing('a', {});")).ShouldFail("registered twice");
    }

    [Theory]
    [InlineData("new Thing('a', { data: new pulumi.asset.RemoteAsset('https://lamp.invalid/x') });", "lamp.invalid")]
    public async Task What_this_engine_does_not_know_is_refused_by_name(string program, string named)
    {
        (await _world.UpAsync(program)).ShouldFail(named);
    }

    [Fact]
    public async Task A_program_that_throws_fails_the_run_with_its_message()
    {
        (await _world.UpAsync("new Thing('a', {}); throw new Error('I give up');")).ShouldFail("I give up");
    }

    [Fact]
    public async Task A_stopped_run_ends_its_steps_and_begins_no_others()
    {
        using var stop = new CancellationTokenSource();
        var running = _world.UpAsync("const a = new Thing('a', { hold: 'gate' }); new Thing('b', { value: a.stamp });", stop.Token);
        await FileIsThereAsync("gate.reached");
        await stop.CancelAsync();
        await File.WriteAllTextAsync(Path.Combine(_world.Things, "gate.release"), "");

        var run = (await running).ShouldFail("stopped");

        run.CallNames.ShouldContain("Create a");
        run.CallNames.ShouldContain("Cancel");
        run.CallNames.ShouldNotContain("Create b");
        _world.Store.Last.Resources.ShouldContain(state => state.Urn == World.Urn("a"));
        _world.Store.Last.PendingOperations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_killed_run_leaves_its_steps_pending()
    {
        using var kill = new CancellationTokenSource();
        var running = _world.UpAsync("new Thing('a', { hold: 'gate' });", CancellationToken.None, kill.Token);
        await FileIsThereAsync("gate.reached");
        await kill.CancelAsync();

        (await running).ShouldFail("terminated");

        _world.Store.Last.PendingOperations.Single().Resource.Urn.ShouldBe(World.Urn("a"));
    }

    private async Task FileIsThereAsync(string name)
    {
        while (!File.Exists(Path.Combine(_world.Things, name)))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
