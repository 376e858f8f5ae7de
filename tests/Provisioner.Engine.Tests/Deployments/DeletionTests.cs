using Provisioner.Engine.Deployments;
using Provisioner.Engine.Tests.Deployments.Support;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class DeletionTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Deletes_run_dependents_first()
    {
        (await _world.UpAsync("const a = new Thing('a', { value: 1 }); const b = new Thing('b', { value: a.stamp }); new Thing('c', {}, { dependsOn: b }); new Thing('d', {}, { parent: a });")).ShouldSucceed();

        var run = (await _world.DestroyAsync()).ShouldSucceed();

        var deletes = run.CallNames.Where(call => call.StartsWith("Delete")).ToList();
        deletes.Count.ShouldBe(4);
        deletes.IndexOf("Delete c").ShouldBeLessThan(deletes.IndexOf("Delete b"));
        deletes.IndexOf("Delete b").ShouldBeLessThan(deletes.IndexOf("Delete a"));
        deletes.IndexOf("Delete d").ShouldBeLessThan(deletes.IndexOf("Delete a"));
        _world.Store.Last.Resources.ShouldBeEmpty();
        run.Result.Changes[StepOperation.Delete].ShouldBe(5);
    }

    [Fact]
    public async Task A_preview_of_a_destroy_calls_no_delete()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed();

        var run = (await _world.DestroyAsync(preview: true)).ShouldSucceed();

        run.Result.Changes[StepOperation.Delete].ShouldBe(2);
        run.CallNames.ShouldNotContain("Delete a");
    }

    [Fact]
    public async Task What_the_program_no_longer_has_is_deleted_at_the_end()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 }); new Thing('b', { value: 1 });")).ShouldSucceed();

        var run = (await _world.UpAsync("new Thing('b', { value: 2 });")).ShouldSucceed();

        run.CallNames.Where(call => call is "Update b" or "Delete a").ShouldBe(["Update b", "Delete a"]);
    }

    [Fact]
    public async Task A_protected_resource_refuses_deletion()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 }, { protect: true }); new Thing('b', { value: 1 });")).ShouldSucceed();

        (await _world.DestroyAsync()).ShouldFail("protected").CallNames.ShouldNotContain("Delete b");
        (await _world.UpAsync("")).ShouldFail("protected");
        (await _world.UpAsync("new Thing('a', { shape: 'new' }, { protect: true }); new Thing('b', { value: 1 });")).ShouldFail("protected");
        (await _world.UpAsync("new Thing('a', { value: 1 }); new Thing('b', { value: 1 });")).ShouldSucceed();
        (await _world.DestroyAsync()).ShouldSucceed();
    }

    [Fact]
    public async Task A_component_hands_protection_down_to_its_children()
    {
        (await _world.UpAsync("const g = new Group('g', { protect: true }); new Thing('a', { value: 1 }, { parent: g });")).ShouldSucceed();

        (await _world.DestroyAsync()).ShouldFail(World.Urn("a", "world:index:Group$world:index:Thing"));
    }

    [Fact]
    public async Task A_retained_resource_leaves_the_state_only()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 }, { retainOnDelete: true });")).ShouldSucceed();

        var run = (await _world.UpAsync("")).ShouldSucceed();

        run.CallNames.ShouldNotContain("Delete a");
        run.Result.Changes[StepOperation.Delete].ShouldBe(1);
        File.Exists(_world.ThingFile("a")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_deleted_with_another_leaves_the_state_without_a_call()
    {
        (await _world.UpAsync("const a = new Thing('a', { value: 1 }); const g = new Group('g', { deletedWith: a }); new Thing('b', { value: 1 }, { parent: g }); new Thing('c', { value: 1 }, { deletedWith: a });")).ShouldSucceed();

        var run = (await _world.DestroyAsync()).ShouldSucceed();

        run.CallNames.Where(call => call.StartsWith("Delete")).ShouldBe(["Delete a"]);
        run.Result.Changes[StepOperation.Delete].ShouldBe(5);
        _world.Store.Last.Resources.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_deleted_with_another_is_deleted_itself_when_the_other_stays()
    {
        (await _world.UpAsync("const a = new Thing('a', { value: 1 }); new Thing('c', { value: 1 }, { deletedWith: a });")).ShouldSucceed();

        (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed().CallNames.ShouldContain("Delete c");
    }

    [Fact]
    public async Task After_a_failure_nothing_is_deleted()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed();

        (await _world.UpAsync("new Thing('b', { fail: 'create' });")).ShouldFail("create is not possible").CallNames.ShouldNotContain("Delete a");
        (await _world.UpAsync("throw new Error('not today');")).ShouldFail("not today").CallNames.ShouldNotContain("Delete a");

        _world.Store.Last.Resources.ShouldContain(state => state.Urn == World.Urn("a"));
    }
}
