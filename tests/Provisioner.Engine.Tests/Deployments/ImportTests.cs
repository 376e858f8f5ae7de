using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Imports;
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

    [Fact]
    public async Task What_exists_is_taken_into_the_state_without_a_program()
    {
        var group = World.Urn("g", "world:index:Group");
        var run = (await _world.ImportAsync(
            new ImportRequest("world:index:Thing", "a", "found") { Parent = group, Protect = true, Properties = ["value", "shape"] },
            new ImportRequest("world:index:Group", "g", "") { Component = true })).ShouldSucceed();

        run.CallNames.ShouldBe(["CheckConfig default", "Configure default", "Read a", "Check a", "Cancel"]);
        run.Result.Changes.ShouldBe([new(StepOperation.Create, 1), new(StepOperation.Import, 2)]);
        var a = _world.Store.Last.Resources.Single(resource => resource.Id == "found");
        (a.Urn, a.Parent, a.Protect, a.ImportId).ShouldBe((World.Urn("a", "world:index:Group$world:index:Thing"), group, true, ""));
        a.Inputs.Keys.Order().ShouldBe(["shape", "value"]);
        a.Outputs["stamp"].ShouldBe("made by hand");
        _world.Store.Last.Resources.Single(resource => resource.Urn == group).Parent.ShouldBe(_world.Store.Last.Resources.Single(resource => resource.Type == "pulumi:pulumi:Stack").Urn);

        // A program that says the same finds nothing to do.
        (await _world.UpAsync("new Thing('a', { value: 1, shape: 'round' }, { parent: new Group('g'), protect: true });")).ShouldSucceed().Result.HasChanges.ShouldBeFalse();
    }

    [Fact]
    public async Task An_import_uses_the_provider_that_the_state_has_and_leaves_everything_else_alone()
    {
        (await _world.UpAsync("const w = new World('w', { account: 'mine' }); new Thing('b', { value: 1 }, { provider: w });")).ShouldSucceed();
        var provider = _world.Store.Last.Resources.Single(resource => resource.Type == "pulumi:providers:world");

        var run = (await _world.ImportAsync(new ImportRequest("world:index:Thing", "a", "found") { Provider = provider.Urn })).ShouldSucceed();

        run.CallNames.ShouldBe(["Configure w", "Read a", "Check a", "Cancel"]);
        _world.Store.Last.Resources.Single(resource => resource.Id == "found").Provider.ShouldBe($"{provider.Urn}::{provider.Id}");
        (await _world.ImportAsync(new ImportRequest("world:index:Thing", "b", "found"))).ShouldFail("is in the state already");
        (await _world.ImportAsync(new ImportRequest("world:index:Thing", "c", "nowhere") { Provider = provider.Urn })).ShouldFail("There is no world:index:Thing with the id \"nowhere\"");
        (await _world.ImportAsync(new ImportRequest("world:index:Thing", "c", "found") { Parent = World.Urn("x") })).ShouldFail("neither in the state nor imported with it");
        (await _world.ImportAsync(new ImportRequest("world:index:Thing", "c", "found") { Provider = World.Urn("x", "pulumi:providers:world") })).ShouldFail("is not in the state");
        _world.Store.Last.Resources.ShouldContain(resource => resource.Id == "b");
    }

    [Fact]
    public async Task Inputs_that_the_provider_would_not_accept_are_warned_of_only()
    {
        File.WriteAllText(_world.ThingFile("odd"), """{"value":1,"reject":true,"stamp":"odd"}""");

        (await _world.ImportAsync(new ImportRequest("world:index:Thing", "a", "odd"))).ShouldSucceed()
            .Events.OfType<EngineEvent.Diagnostic>().ShouldContain(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning && diagnostic.Message.Contains("is not wanted"));
    }

    [Fact]
    public void A_file_names_parents_and_providers_by_names_of_its_own()
    {
        var provider = World.Urn("w", "pulumi:providers:world");
        var imports = ImportFile.Parse("f.json", $$"""
            {
              "nameTable": { "mine": "{{provider}}" },
              "resources": [
                { "type": "world:index:Thing", "name": "pool", "logicalName": "a", "id": "1", "parent": "box", "provider": "mine", "version": "1.2.3", "properties": ["value"] },
                { "type": "world:index:Group", "name": "box", "component": true }
              ]
            }
            """, "test", "demo", protect: true);

        imports[0].Properties.ShouldBe(["value"]);
        imports.Select(import => import with { Properties = [] }).ShouldBe([
            new ImportRequest("world:index:Thing", "a", "1") { Parent = World.Urn("box", "world:index:Group"), Provider = provider, Version = "1.2.3", Protect = true },
            new ImportRequest("world:index:Group", "box", "") { Component = true, Protect = true },
        ]);
    }

    [Theory]
    [InlineData("[]", "f.json must hold an object")]
    [InlineData("{", "f.json is no JSON")]
    [InlineData("{\"resources\": [], \"providerInputs\": {}}", "has \"providerInputs\"")]
    [InlineData("{\"resources\": [{ \"name\": \"a\", \"id\": \"1\" }]}", "resource \"a\" has no \"type\"")]
    [InlineData("{\"resources\": [{ \"type\": \"a:b:C\", \"id\": \"1\" }]}", "resources[0] has no \"name\"")]
    [InlineData("{\"resources\": [{ \"type\": \"a:b:C\", \"name\": \"a\" }]}", "has no \"id\"")]
    [InlineData("{\"resources\": [{ \"type\": \"a:b:C\", \"name\": \"a\", \"id\": \"1\", \"component\": true }]}", "is a component, and has an \"id\"")]
    [InlineData("{\"resources\": [{ \"type\": \"a:b:C\", \"name\": \"a\", \"id\": \"1\", \"outputs\": {} }]}", "has \"outputs\", which this engine does not know")]
    [InlineData("{\"resources\": [{ \"type\": \"a:b:C\", \"name\": \"a\", \"id\": \"1\", \"parent\": \"x\" }]}", "its parent \"x\" has no entry in \"nameTable\"")]
    [InlineData("{\"resources\": [{ \"type\": \"pulumi:providers:a\", \"name\": \"a\" }]}", "is a provider")]
    [InlineData("{\"resources\": [{ \"type\": \"a:b:C\", \"name\": \"a\", \"component\": true, \"parent\": \"a\" }]}", "form a circle")]
    public void A_file_that_cannot_be_meant_is_refused_by_field(string content, string expected) =>
        Should.Throw<ImportFileException>(() => ImportFile.Parse("f.json", content, "test", "demo", protect: true)).Message.ShouldContain(expected);
}
