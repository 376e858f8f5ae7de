using Provisioner.Engine.Deployments;
using Provisioner.Engine.Tests.Deployments.Support;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class ReplacementTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_replacement_is_created_before_the_old_one_is_deleted()
    {
        (await _world.UpAsync("new Thing('a', { shape: 'round' });")).ShouldSucceed();

        var run = (await _world.UpAsync("new Thing('a', { shape: 'square' });")).ShouldSucceed();

        run.CallNames.Where(call => call is "Create a" or "Delete a").ShouldBe(["Create a", "Delete a"]);
        run.Result.Changes[StepOperation.Replace].ShouldBe(1);
        var replace = run.Steps.Single(step => step.Operation == StepOperation.Replace);
        replace.ReplaceKeys.ShouldBe(["shape"]);
        run.Call("Delete a")["id"]!.GetValue<string>().ShouldBe("a-round");
        run.Calls.Last(call => call["call"]!.GetValue<string>() == "Check")["olds"]!.AsObject().ShouldBeEmpty();
        _world.Store.Last.Resources.Single(state => state.Type == "world:index:Thing").Id.ShouldBe("a-square");
    }

    [Fact]
    public async Task Delete_before_replace_takes_along_the_dependents_that_could_not_stay()
    {
        const string program = "const a = new Thing('a', { exclusive: true, shape: 'SHAPE' }); const b = new Thing('b', { shape: a.stamp, value: 1 }); new Thing('c', { value: a.stamp });";
        (await _world.UpAsync(program.Replace("SHAPE", "round"))).ShouldSucceed();

        var run = (await _world.UpAsync(program.Replace("SHAPE", "square"))).ShouldSucceed();

        run.CallNames.Where(call => call is "Create a" or "Delete a" or "Create b" or "Delete b" or "Delete c" or "Create c")
            .ShouldBe(["Delete b", "Delete a", "Create a", "Create b"]);
        run.Result.Changes[StepOperation.Replace].ShouldBe(2);
        _world.Store.Last.Resources.ShouldAllBe(state => !state.PendingReplacement && !state.Delete);
    }

    [Fact]
    public async Task A_replacement_that_failed_half_way_is_finished_by_the_next_up()
    {
        (await _world.UpAsync("new Thing('a', { exclusive: true, shape: 'round' });")).ShouldSucceed();
        (await _world.UpAsync("new Thing('a', { exclusive: true, shape: 'square', fail: 'create' });")).ShouldFail("create is not possible");
        _world.Store.Last.Resources.Single(state => state.Type == "world:index:Thing").PendingReplacement.ShouldBeTrue();

        var run = (await _world.UpAsync("new Thing('a', { exclusive: true, shape: 'square' });")).ShouldSucceed();

        run.CallNames.ShouldContain("Create a");
        run.CallNames.ShouldNotContain("Delete a");
        _world.Store.Last.Resources.Single(state => state.Type == "world:index:Thing").PendingReplacement.ShouldBeFalse();
    }

    [Fact]
    public async Task A_path_of_replaceOnChanges_turns_an_update_into_a_replacement()
    {
        (await _world.UpAsync("new Thing('a', { tags: ['x'] }, { replaceOnChanges: ['tags[*]'] });")).ShouldSucceed();

        var run = (await _world.PreviewAsync("new Thing('a', { tags: ['y'] }, { replaceOnChanges: ['tags'] });")).ShouldSucceed();

        run.Result.Changes[StepOperation.Replace].ShouldBe(1);
    }

    [Fact]
    public async Task A_resource_named_for_replacement_is_replaced()
    {
        (await _world.UpAsync("new Thing('a', { shape: 'round' });")).ShouldSucceed();
        _world.Options = new DeploymentOptions { Replace = [World.Urn("a")] };

        var run = (await _world.PreviewAsync("new Thing('a', { shape: 'round' });")).ShouldSucceed();

        run.Steps.Single(step => step.Operation == StepOperation.Replace).ReplaceKeys.ShouldBe(["id"]);
    }

    [Fact]
    public async Task Another_account_of_an_explicit_provider_replaces_the_provider_and_what_it_manages()
    {
        const string program = "const w = new World('w', { folder: new pulumi.Config('world').require('folder'), account: 'ACCOUNT' }); new Thing('a', { shape: 'round' }, { provider: w });";
        (await _world.UpAsync(program.Replace("ACCOUNT", "one"))).ShouldSucceed();
        var before = _world.Store.Last.Resources.Single(state => state.Type == "world:index:Thing").Provider;
        (await _world.UpAsync(program.Replace("ACCOUNT", "one"))).ShouldSucceed().Result.HasChanges.ShouldBeFalse();

        var run = (await _world.UpAsync(program.Replace("ACCOUNT", "two"))).ShouldSucceed();

        run.Result.Changes[StepOperation.Replace].ShouldBe(2);
        _world.Store.Last.Resources.Single(state => state.Type == "world:index:Thing").Provider.ShouldNotBe(before);
    }

    [Fact]
    public async Task What_is_to_be_replaced_with_another_follows_it_into_the_replacement_and_needs_it_in_the_state()
    {
        const string program = "const a = new Thing('a', { EXCLUSIVEshape: 'SHAPE' }); const b = new Thing('b', { EXCLUSIVEvalue: 1 }, { replaceWith: [a] }); new Thing('c', { value: 1 }, { replaceWith: [b] }); new Thing('d', { value: 1 }, { dependsOn: a });";
        (await _world.UpAsync(program.Replace("SHAPE", "round").Replace("EXCLUSIVE", ""))).ShouldSucceed();
        _world.Store.Last.Resources.Single(state => state.Id == "b").ReplaceWith.ShouldBe([World.Urn("a")]);
        (await _world.UpAsync(program.Replace("SHAPE", "round").Replace("EXCLUSIVE", ""))).ShouldSucceed().Result.HasChanges.ShouldBeFalse();

        var run = (await _world.UpAsync(program.Replace("SHAPE", "square").Replace("EXCLUSIVE", ""))).ShouldSucceed();

        run.Steps.Where(step => step.Operation == StepOperation.Replace).Select(step => (step.Urn, step.ReplaceKeys.Single()))
            .ShouldBe([(World.Urn("a"), "shape"), (World.Urn("b"), "replaceWith"), (World.Urn("c"), "replaceWith")], ignoreOrder: true);

        // Deleted before it is replaced, it takes them along.
        var exclusive = (await _world.UpAsync(program.Replace("SHAPE", "flat").Replace("EXCLUSIVE", "exclusive: true, "))).ShouldSucceed();
        exclusive.CallNames.Where(call => call.StartsWith("Delete") || call.StartsWith("Create")).ShouldBe(["Delete c", "Delete b", "Delete a", "Create a", "Create b", "Create c"]);
    }
}
