using Provisioner.Engine.State;
using Provisioner.Engine.Tests.Deployments.Support;
using Provisioner.Engine.Tests.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class StackReferenceTests : IDisposable
{
    private readonly World _world = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeSecrets _secrets = new();

    public void Dispose()
    {
        _world.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Outputs_of_another_stack_are_read_and_its_secrets_stay_secret()
    {
        await SaveAsync(("address", "lamp.local"), ("word", new PropertyValue.Secret("open sesame")));
        const string program = "const other = new pulumi.StackReference('organization/lamp/house'); exports.address = other.requireOutput('address'); exports.word = other.getOutput('word');";

        var run = (await _world.UpAsync(program)).ShouldSucceed();

        run.Result.Outputs["address"].ShouldBe("lamp.local");
        run.Result.Outputs["word"].ShouldBe(new PropertyValue.Secret("open sesame"));
        var state = _world.Store.Last.Resources.Single(resource => resource.Type == "pulumi:pulumi:StackReference");
        (state.External, state.Id).ShouldBe((true, "organization/lamp/house"));
        state.Provider.ShouldStartWith(World.Urn("default", "pulumi:providers:pulumi") + "::");

        await SaveAsync(("address", "lamp.example"));
        (await _world.RefreshAsync()).ShouldSucceed();
        (await _world.UpAsync("exports.address = new pulumi.StackReference('organization/lamp/house').getOutput('address');")).ShouldSucceed().Result.Outputs["address"].ShouldBe("lamp.example");
        (await _world.DestroyAsync()).ShouldSucceed();
        _world.Store.Last.Resources.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("organization/lamp/none", "There is no stack")]
    [InlineData("../../etc", "refers to no stack")]
    [InlineData("somebody/lamp/house", "refers to no stack")]
    public async Task A_reference_that_leads_nowhere_is_named(string name, string message)
    {
        _world.Stacks = Backend.Hosts.Backend(_folder.Path).References(_secrets);

        (await _world.UpAsync($"new pulumi.StackReference('{name}');")).ShouldFail(message).Errors.ShouldContain(name);
    }

    [Fact]
    public async Task A_program_can_look_at_its_own_resources_and_at_other_stacks_by_functions()
    {
        await SaveAsync(("address", "lamp.local"));

        var run = (await _world.UpAsync("""
            const a = new Thing('a', { value: 7 });
            exports.found = a.urn.apply(urn => pulumi.runtime.invoke('pulumi:pulumi:getResource', { urn })).apply(result => result.id + result.state.value);
            exports.address = pulumi.output(pulumi.runtime.invoke('pulumi:pulumi:readStackOutputs', { name: 'organization/lamp/house' })).apply(result => result.outputs.address);
            """)).ShouldSucceed();

        run.Result.Outputs["found"].ShouldBe("a7");
        run.Result.Outputs["address"].ShouldBe("lamp.local");
    }

    private async Task SaveAsync(params (string Name, PropertyValue Value)[] outputs)
    {
        var backend = Backend.Hosts.Backend(_folder.Path);
        _world.Stacks = backend.References(_secrets);
        if (!backend.Exists("house"))
        {
            backend.Create("house");
        }

        using var update = await backend.BeginUpdateAsync("house", _secrets, _secrets, TestContext.Current.CancellationToken);
        await update.SaveAsync(
            Snapshot.Empty with { Resources = [new ResourceState { Urn = "urn:pulumi:house::lamp::pulumi:pulumi:Stack::lamp-house", Type = "pulumi:pulumi:Stack", Outputs = PropertyMap.Of(outputs) }] },
            TestContext.Current.CancellationToken);
    }
}
