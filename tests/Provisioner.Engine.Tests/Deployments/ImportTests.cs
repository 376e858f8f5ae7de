using Provisioner.Engine.Deployments;
using Provisioner.Engine.Tests.Deployments.Support;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class ImportTests : IDisposable
{
    private readonly World _world = new();

    public ImportTests() => File.WriteAllText(_world.ThingFile("found"), """{"value":1,"shape":"round","unit":"cm","stamp":"made by hand"}""");

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_exists_is_taken_over_by_its_id_and_the_option_may_stay()
    {
        const string program = "const a = new Thing('a', { value: 1, shape: 'round' }, { import: 'found' }); exports.stamp = a.stamp;";

        var run = (await _world.UpAsync(program)).ShouldSucceed();

        run.CallNames.ShouldBe(["CheckConfig default", "Configure default", "Read a", "Check a", "Diff a", "Cancel"]);
        run.Call("Read a")["hasInputs"]!.GetValue<bool>().ShouldBeFalse();
        run.Result.Changes.ShouldBe([new(StepOperation.Create, 1), new(StepOperation.Import, 1)]);
        run.Result.Outputs["stamp"].ShouldBe("made by hand");
        var state = _world.Store.Last.Resources.Single(resource => resource.Urn == World.Urn("a"));
        (state.Id, state.ImportId, state.External).ShouldBe(("found", "found", false));

        var second = (await _world.UpAsync(program)).ShouldSucceed();
        second.Result.HasChanges.ShouldBeFalse();
        second.CallNames.ShouldNotContain("Read a");
    }

    [Fact]
    public async Task What_the_program_wants_otherwise_is_an_update_that_follows()
    {
        var run = (await _world.UpAsync("new Thing('a', { value: 2, shape: 'round' }, { import: 'found' });")).ShouldSucceed();

        run.CallNames.ShouldBe(["CheckConfig default", "Configure default", "Read a", "Check a", "Diff a", "Update a", "Cancel"]);
        run.Result.Changes[StepOperation.Update].ShouldBe(1);
        _world.Thing("found")["value"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task What_would_have_to_be_replaced_is_refused_and_left_as_it_is()
    {
        (await _world.PreviewAsync("new Thing('a', { value: 1, shape: 'square' }, { import: 'found' });")).ShouldFail("would have to be replaced because of shape");

        _world.Thing("found")["shape"]!.GetValue<string>().ShouldBe("round");
        _world.Store.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_id_that_does_not_exist_is_named()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 }, { import: 'nowhere' });")).ShouldFail("There is no world:index:Thing with the id \"nowhere\"");
    }

    [Fact]
    public async Task Another_id_replaces_what_was_there()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 });")).ShouldSucceed();

        var run = (await _world.UpAsync("new Thing('a', { value: 1, shape: 'round' }, { import: 'found' });")).ShouldSucceed();

        run.Call("Delete a")["id"]!.GetValue<string>().ShouldBe("a");
        run.Steps.ShouldContain(step => step.Operation == StepOperation.ImportReplacement);
        _world.Store.Last.Resources.Single(resource => resource.Type == "world:index:Thing").Id.ShouldBe("found");
    }
}
