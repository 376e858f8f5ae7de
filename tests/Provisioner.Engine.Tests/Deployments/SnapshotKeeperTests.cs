using Microsoft.Extensions.Time.Testing;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.State;
using Provisioner.Engine.Tests.Deployments.Support;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class SnapshotKeeperTests
{
    [Fact]
    public void What_is_needed_comes_first_and_a_right_order_stays()
    {
        var (a, b, c) = (State("a", "b"), State("b", "c"), State("c"));

        TopologicalOrder.Sort([a, b, c]).ShouldBe([c, b, a]);
        TopologicalOrder.Sort([c, State("d"), b, a]).Select(state => state.Id).ShouldBe(["c", "d", "b", "a"]);
    }

    [Fact]
    public void References_that_lead_nowhere_or_in_a_circle_move_nothing() =>
        TopologicalOrder.Sort([State("a", "x"), State("b", "b")]).Select(state => state.Id).ShouldBe(["a", "b"]);

    [Fact]
    public async Task New_resources_stand_before_what_is_left_and_pending_creations_are_carried_over()
    {
        var store = new MemoryStore();
        var (old, other) = (State("old"), State("other"));
        using var keeper = new SnapshotKeeper(
            new Snapshot(new Manifest(null, ""), [old, other], [new PendingOperation(State("lost"), PendingOperationType.Creating), new PendingOperation(old, PendingOperationType.Updating)]),
            store, new FakeTimeProvider(DateTimeOffset.UnixEpoch), "v1");

        keeper.Remove(keeper.Old[0]);
        keeper.Add(State("new"));
        var pending = keeper.Begin(other, PendingOperationType.Deleting);
        await keeper.SaveAsync(TestContext.Current.CancellationToken);

        store.Last.Resources.Select(state => state.Id).ShouldBe(["new", "other"]);
        store.Last.PendingOperations.Select(operation => (operation.Resource.Id, operation.Type)).ShouldBe([("lost", PendingOperationType.Creating), ("other", PendingOperationType.Deleting)]);
        store.Last.Manifest.ShouldBe(new Manifest(DateTimeOffset.UnixEpoch, "v1"));

        keeper.End(pending);
        await keeper.SaveAsync(TestContext.Current.CancellationToken);
        store.Last.PendingOperations.Length.ShouldBe(1);
    }

    [Fact]
    public void References_to_a_renamed_resource_follow_it()
    {
        using var keeper = new SnapshotKeeper(new Snapshot(new Manifest(null, ""), [State("a"), State("b", "a")], []), null, TimeProvider.System, "v1");

        keeper.Set(keeper.Old[0], State("z"));
        keeper.Rename(World.Urn("a"), World.Urn("z"));

        keeper.Current().Resources[^1].Dependencies.ShouldBe([World.Urn("z")]);
    }

    [Fact]
    public void A_resource_that_is_gone_takes_the_references_to_it_along_until_it_is_there_again()
    {
        using var keeper = new SnapshotKeeper(new Snapshot(new Manifest(null, ""), [State("a"), State("b", "a")], []), null, TimeProvider.System, "v1");

        keeper.Remove(keeper.Old[0]);
        keeper.Current().Resources.Single().Dependencies.ShouldBeEmpty();

        keeper.Add(State("a"));
        keeper.Current().Resources[^1].Dependencies.ShouldBe([World.Urn("a")]);
    }

    private static ResourceState State(string name, params string[] dependencies) => new()
    {
        Urn = World.Urn(name),
        Type = "world:index:Thing",
        Custom = true,
        Id = name,
        Dependencies = [.. dependencies.Select(dependency => World.Urn(dependency))],
    };
}
