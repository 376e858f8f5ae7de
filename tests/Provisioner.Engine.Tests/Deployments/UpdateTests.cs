using Provisioner.Engine.Deployments;
using Provisioner.Engine.Tests.Deployments.Support;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class UpdateTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_second_up_changes_nothing()
    {
        const string program = "const a = new Thing('a', { value: 1 }); new Thing('b', { value: a.stamp }); exports.stamp = a.stamp;";

        var first = (await _world.UpAsync(program)).ShouldSucceed();
        first.Result.Changes[StepOperation.Create].ShouldBe(3);
        first.Result.Outputs["stamp"].ShouldBe("made in a");
        var second = (await _world.UpAsync(program)).ShouldSucceed();

        second.Result.HasChanges.ShouldBeFalse();
        second.Result.Changes[StepOperation.Same].ShouldBe(3);
        second.CallNames.ShouldNotContain(call => call.StartsWith("Create") || call.StartsWith("Update") || call.StartsWith("Delete"));
    }

    [Fact]
    public async Task The_order_of_provider_calls_is_Pulumis()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed().CallNames
            .ShouldBe(["CheckConfig default", "Configure default", "Check a", "Create a", "Cancel"]);
        (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed().CallNames
            .ShouldBe(["CheckConfig default", "DiffConfig default", "Configure default", "Check a", "Diff a", "Cancel"]);
        (await _world.UpAsync("new Thing('a', { value: 2 });")).ShouldSucceed().CallNames
            .ShouldBe(["CheckConfig default", "DiffConfig default", "Configure default", "Check a", "Diff a", "Update a", "Cancel"]);
        (await _world.UpAsync("new Thing('a', { value: 2, shape: 'round' });")).ShouldSucceed().CallNames
            .ShouldBe(["CheckConfig default", "DiffConfig default", "Configure default", "Check a", "Diff a", "Check a", "Create a", "Delete a", "Cancel"]);
        (await _world.DestroyAsync()).ShouldSucceed().CallNames
            .ShouldBe(["Configure default", "Delete a", "Cancel"]);
    }
}
