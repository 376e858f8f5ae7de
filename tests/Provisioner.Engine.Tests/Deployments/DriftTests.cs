using System.Text.Json.Nodes;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Tests.Deployments.Support;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class DriftTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Drift_shows_on_a_plain_preview_when_the_provider_asks_for_refresh_before_update()
    {
        const string program = "new Thing('a', { value: 1, watched: true });";
        (await _world.UpAsync(program)).ShouldSucceed();
        Change("a", "value", 2);

        var run = (await _world.PreviewAsync(program)).ShouldSucceed();

        var update = run.Step("a");
        update.Operation.ShouldBe(StepOperation.Update);
        update.Old!.Outputs["value"].ShouldBe(2);
        update.DetailedDiff!["value"].ShouldBe(new DiffEntry(DiffEntryKind.Update, false));
        run.CallNames.ShouldBe(["CheckConfig default", "DiffConfig default", "Configure default", "Read a", "Check a", "Diff a", "Update(preview) a", "Cancel"]);
        (await _world.UpAsync(program)).ShouldSucceed().Result.Changes[StepOperation.Update].ShouldBe(1);
        _world.Thing("a")["value"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Drift_of_another_resource_is_left_alone_until_a_refresh()
    {
        const string program = "new Thing('a', { value: 1 });";
        (await _world.UpAsync(program)).ShouldSucceed();
        Change("a", "value", 2);

        (await _world.PreviewAsync(program)).ShouldSucceed().Result.HasChanges.ShouldBeFalse();
        _world.Options = new DeploymentOptions { Refresh = true };
        (await _world.PreviewAsync(program)).ShouldSucceed().Step("a", StepOperation.Update).Old!.Outputs["value"].ShouldBe(2);
    }

    [Fact]
    public async Task What_is_gone_is_created_again()
    {
        const string program = "const a = new Thing('a', { value: 1, watched: true }); new Thing('b', { value: a.stamp });";
        (await _world.UpAsync(program)).ShouldSucceed();
        File.Delete(_world.ThingFile("a"));

        var run = (await _world.UpAsync(program)).ShouldSucceed();

        run.Step("a").Operation.ShouldBe(StepOperation.Create);
        run.Step("b").Operation.ShouldBe(StepOperation.Same);
        run.Events.OfType<EngineEvent.Diagnostic>().ShouldContain(diagnostic => diagnostic.Message.Contains("a is gone"));
        File.Exists(_world.ThingFile("a")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("new Thing('b', { value: 5, watched: true }, { dependsOn: a })")]
    [InlineData("new Thing('b', { value: 5 }, { parent: a })")]
    [InlineData("new Thing('b', { value: a.stamp })")]
    [InlineData("new Thing('b', { value: 5 }, { deletedWith: a })")]
    public async Task A_state_can_be_read_when_the_run_ends_before_what_is_gone_is_created_again(string other)
    {
        // As Pulumi has it: what is gone leaves the state, and the references to it do (its lifecycletest on deleted resources that are refreshed before an update).
        var program = $"const a = new Thing('a', {{ value: 1, watched: true }}); {other};";
        (await _world.UpAsync(program)).ShouldSucceed();
        File.Delete(_world.ThingFile("a"));

        (await _world.UpAsync(program.Replace("value: 1,", "value: 1, fail: 'create',", StringComparison.Ordinal))).Result.Succeeded.ShouldBeFalse();

        _world.Store.Last.Resources.ShouldNotContain(state => state.Urn == World.Urn("a"));
        _world.Store.Last.Resources.ShouldContain(state => state.Urn.EndsWith("::b", StringComparison.Ordinal));
        var again = (await _world.UpAsync(program)).ShouldSucceed();
        again.Step("a").Operation.ShouldBe(StepOperation.Create);
        File.Exists(_world.ThingFile("a")).ShouldBeTrue();
    }

    [Fact]
    public async Task All_of_a_providers_reads_are_asked_for_together()
    {
        // b and c wait for a's outputs, but not their reads.
        const string program = "const a = new Thing('a', { value: 1, watched: true }); const b = new Thing('b', { value: a.stamp, watched: true }); new Thing('c', { value: b.stamp, watched: true });";
        (await _world.UpAsync(program)).ShouldSucceed();

        var calls = (await _world.PreviewAsync(program)).ShouldSucceed().CallNames;

        calls.IndexOf("Read c").ShouldBeLessThan(calls.IndexOf("Check b"));
    }

    [Fact]
    public async Task A_refresh_takes_over_what_is_and_drops_what_is_gone()
    {
        const string program = "const a = new Thing('a', { value: 1 }); new Thing('b', { value: 5 }, { dependsOn: a }); new Thing('c', { value: 7 });";
        (await _world.UpAsync(program)).ShouldSucceed();
        File.Delete(_world.ThingFile("a"));
        Change("b", "value", 6);

        var run = (await _world.RefreshAsync()).ShouldSucceed();

        run.Result.Changes[StepOperation.Delete].ShouldBe(1);
        run.Result.Changes[StepOperation.Update].ShouldBe(1);
        run.Result.Changes[StepOperation.Same].ShouldBe(1);
        run.Step("b").New!.Outputs["value"].ShouldBe(6);
        run.Step("b").DetailedDiff!.ShouldContainKey("value");
        run.CallNames.ShouldNotContain("CheckConfig default");
        var b = _world.Store.Last.Resources.Single(state => state.Urn == World.Urn("b"));
        b.Dependencies.ShouldBeEmpty();
        _world.Store.Last.Resources.ShouldNotContain(state => state.Urn == World.Urn("a"));
        (await _world.UpAsync(program)).ShouldSucceed().Result.Changes[StepOperation.Create].ShouldBe(1);
    }

    [Fact]
    public async Task A_refresh_in_a_preview_changes_nothing()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed();
        var before = _world.Store.Last;
        Change("a", "value", 2);

        (await _world.RefreshAsync(preview: true)).ShouldSucceed().Result.Changes[StepOperation.Update].ShouldBe(1);

        _world.Store.Last.ShouldBeSameAs(before);
    }

    private void Change(string id, string key, JsonNode value)
    {
        var thing = _world.Thing(id);
        thing[key] = value;
        File.WriteAllText(_world.ThingFile(id), thing.ToJsonString());
    }
}
