using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Tests.Deployments.Support;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class SchedulingTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task An_up_with_parallel_1_runs_one_step_at_a_time()
    {
        _world.Options = new DeploymentOptions { Parallel = 1 };
        var run = (await _world.UpAsync("for (const name of ['a', 'b', 'c', 'd']) new Thing(name, { value: 1 });")).ShouldSucceed();

        MostAtOnce(run).ShouldBe(1);
    }

    [Fact]
    public async Task Independent_steps_run_together()
    {
        // Each of the two waits until the other one has begun.
        var running = _world.UpAsync("new Thing('a', { hold: 'one' }); new Thing('b', { hold: 'two' });");
        foreach (var name in (string[])["one", "two"])
        {
            while (!File.Exists(Path.Combine(_world.Things, $"{name}.reached")))
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }

        await File.WriteAllTextAsync(Path.Combine(_world.Things, "one.release"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_world.Things, "two.release"), "", TestContext.Current.CancellationToken);
        (await running).ShouldSucceed();
    }

    [Fact]
    public async Task Only_targets_are_worked_on()
    {
        (await _world.UpAsync("new Thing('lamp', { value: 1 }); new Thing('lamp2', { value: 1 }); new Thing('door', { value: 1 });")).ShouldSucceed();
        _world.Options = new DeploymentOptions { Targets = ["**::lamp*"] };

        var run = (await _world.UpAsync("new Thing('lamp', { value: 2 }); new Thing('door', { value: 2 }); new Thing('window', { value: 2 });")).ShouldSucceed();

        run.CallNames.Where(call => call.StartsWith("Create") || call.StartsWith("Update") || call.StartsWith("Delete") || call.StartsWith("Diff ") || call.StartsWith("Check "))
            .ShouldBe(["Check lamp", "Diff lamp", "Update lamp", "Delete lamp2"]);
        _world.Store.Last.Resources.Where(state => state.Type == "world:index:Thing").Select(state => state.Id).Order().ShouldBe(["door", "lamp"]);
    }

    [Fact]
    public async Task Target_dependents_takes_along_whatever_needs_a_target_however_far_away()
    {
        const string program = "const a = new Thing('a', { value: VALUE }); const b = new Thing('b', { tags: [VALUE] }, { dependsOn: a }); new Thing('c', { tags: [VALUE] }, { parent: b }); new Thing('d', { value: VALUE });";
        (await _world.UpAsync(program.Replace("VALUE", "1"))).ShouldSucceed();
        _world.Options = new DeploymentOptions { Targets = [World.Urn("a")], TargetDependents = true };

        var run = (await _world.UpAsync(program.Replace("VALUE", "2"))).ShouldSucceed();

        run.CallNames.Where(call => call.StartsWith("Update")).ShouldBe(["Update a", "Update b", "Update c"]);
    }

    [Fact]
    public async Task A_target_that_needs_a_skipped_creation_is_refused()
    {
        _world.Options = new DeploymentOptions { Targets = [World.Urn("b")] };

        (await _world.UpAsync("const a = new Thing('a', {}); new Thing('b', {}, { dependsOn: a });")).ShouldFail("is not targeted");
    }

    [Fact]
    public async Task A_target_is_not_deleted_under_those_that_need_it_unless_they_are_asked_for_too()
    {
        (await _world.UpAsync("const a = new Thing('a', {}); new Thing('b', {}, { dependsOn: a }); new Thing('c', {});")).ShouldSucceed();
        _world.Options = new DeploymentOptions { Targets = [World.Urn("a")] };
        (await _world.DestroyAsync()).ShouldFail("--target-dependents").CallNames.ShouldNotContain("Delete a");

        _world.Options = _world.Options with { TargetDependents = true };
        (await _world.DestroyAsync()).ShouldSucceed().CallNames.Where(call => call.StartsWith("Delete")).ShouldBe(["Delete b", "Delete a"]);
        _world.Store.Last.Resources.ShouldContain(state => state.Urn == World.Urn("c"));
    }

    [Fact]
    public async Task What_is_not_targeted_stays_half_done_until_its_own_turn()
    {
        (await _world.UpAsync("new Thing('a', { value: 1, half: true });")).ShouldFail("half done");
        _world.Options = new DeploymentOptions { Targets = ["**::b"] };

        (await _world.UpAsync("new Thing('a', { value: 1 }); new Thing('b', {});")).ShouldSucceed().CallNames.ShouldNotContain("Update a");

        _world.Store.Last.Resources.Single(state => state.Urn == World.Urn("a")).InitErrors.ShouldBe(["it is only half done"]);
        _world.Options = new DeploymentOptions();
        (await _world.UpAsync("new Thing('a', { value: 1 }); new Thing('b', {});")).ShouldSucceed().CallNames.ShouldContain("Update a");
    }

    [Fact]
    public async Task A_pattern_that_names_nothing_is_an_error_before_anything_is_deleted()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 }); new Thing('b', { value: 1 });")).ShouldSucceed();

        _world.Options = new DeploymentOptions { Targets = ["**::a", "**::lmap"] };
        (await _world.UpAsync("new Thing('b', { value: 1 });")).ShouldFail("--target '**::lmap' could not be found in the stack").CallNames.ShouldNotContain("Delete a");
        (await _world.RefreshAsync()).ShouldFail("--target '**::lmap'").CallNames.ShouldNotContain("Read a");
        (await _world.DestroyAsync()).ShouldFail("--target '**::lmap'").CallNames.ShouldNotContain("Delete a");

        _world.Options = new DeploymentOptions { Replace = [World.Urn("lmap")] };
        (await _world.UpAsync("new Thing('a', { value: 2 }); new Thing('b', { value: 1 });")).ShouldFail("--replace 'urn:pulumi:test::demo::world:index:Thing::lmap'").CallNames.ShouldBeEmpty();
        _world.Options = new DeploymentOptions { Excludes = ["**::lmap"] };
        (await _world.DestroyAsync()).ShouldFail("--exclude '**::lmap'").CallNames.ShouldNotContain("Delete a");

        // What is new is found in the program.
        _world.Options = new DeploymentOptions { Targets = ["**::c"] };
        (await _world.UpAsync("new Thing('a', { value: 2 }); new Thing('b', { value: 1 }); new Thing('c', {});")).ShouldSucceed();
    }

    [Theory]
    [InlineData(false, "Update a,Update c,Update d")]
    [InlineData(true, "Update a,Update d")]
    public async Task What_is_excluded_is_left_alone_and_with_it_what_depends_on_it_if_asked_for(bool dependents, string updates)
    {
        const string program = "const a = new Thing('a', { value: V, watched: true }); const b = new Thing('b', { value: V, watched: true }, { dependsOn: a }); new Thing('c', { value: V, watched: true }, { dependsOn: b }); new Thing('d', { value: V });";
        (await _world.UpAsync(program.Replace("V", "1"))).ShouldSucceed();
        _world.Options = new DeploymentOptions { Excludes = ["**::b"], ExcludeDependents = dependents };

        var run = (await _world.UpAsync(program.Replace("V", "2"))).ShouldSucceed();

        run.CallNames.Where(call => call.StartsWith("Update")).Order().ShouldBe(updates.Split(','));
        run.CallNames.ShouldNotContain("Read b");
        run.CallNames.Contains("Read c").ShouldBe(!dependents);
        (await _world.RefreshAsync()).ShouldSucceed().CallNames.Where(call => call.StartsWith("Read")).Order()
            .ShouldBe(dependents ? ["Read a", "Read d"] : ["Read a", "Read c", "Read d"]);
    }

    [Fact]
    public async Task Nothing_is_deleted_that_an_excluded_one_needs()
    {
        (await _world.UpAsync("const a = new Thing('a', {}); const b = new Thing('b', {}, { dependsOn: a }); new Thing('c', {}, { dependsOn: b }); new Thing('d', {}, { dependsOn: a });")).ShouldSucceed();
        _world.Options = new DeploymentOptions { Excludes = ["**::b"] };

        (await _world.DestroyAsync()).ShouldSucceed().CallNames.Where(call => call.StartsWith("Delete")).Order().ShouldBe(["Delete c", "Delete d"]);

        _world.Store.Last.Resources.Where(state => state.Type == "world:index:Thing").Select(state => state.Id).ShouldBe(["a", "b"]);
        (await _world.UpAsync("new Thing('e', {}, { dependsOn: new Thing('a', {}) });")).ShouldSucceed().CallNames.ShouldNotContain("Delete b");
        _world.Options = new DeploymentOptions { Excludes = ["**::f"] };
        (await _world.UpAsync("new Thing('g', {}, { dependsOn: new Thing('f', {}) });")).ShouldFail("is excluded");
    }

    private static int MostAtOnce(Run run)
    {
        var (now, most) = (0, 0);
        foreach (var engineEvent in run.Events)
        {
            now += engineEvent switch
            {
                EngineEvent.StepStarted { Step.Type: "world:index:Thing" } => 1,
                EngineEvent.StepFinished { Step.Type: "world:index:Thing" } => -1,
                _ => 0,
            };
            most = Math.Max(most, now);
        }

        return most;
    }
}
