using System.Text.Json.Nodes;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;
using Provisioner.Engine.Tests.Deployments.Support;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class ValueTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Secrets_reach_the_provider_as_secrets_and_the_state_marks_outputs_secret()
    {
        _world.Config["demo:word"] = new ConfigValue("open sesame", true);
        _world.Config["world:token"] = new ConfigValue("provider's secret", true);

        var run = (await _world.UpAsync("const word = new pulumi.Config().requireSecret('word'); const a = new Thing('a', { value: word, nested: { word } }); exports.word = a.value;")).ShouldSucceed();

        IsSecret(run.Call("Create a")["inputs"]!["value"]).ShouldBeTrue();
        IsSecret(run.Call("Create a")["inputs"]!["nested"]!["word"]).ShouldBeTrue();
        IsSecret(run.Call("Configure default")["args"]!["token"]).ShouldBeTrue();
        run.Call("CheckConfig default")["news"]!["token"]!.GetValue<string>().ShouldBe("provider's secret");
        var state = Thing("a");
        state.Inputs["value"].ShouldBeOfType<PropertyValue.Secret>();
        state.Outputs["value"].ShouldBeOfType<PropertyValue.Secret>().Value.ShouldBe("open sesame");
        _world.Store.Last.Resources.Single(resource => resource.Type == "pulumi:providers:world").Inputs["token"].ShouldBeOfType<PropertyValue.Secret>();
        run.Result.Outputs["word"].ShouldBeOfType<PropertyValue.Secret>();
        (await _world.UpAsync("const word = new pulumi.Config().requireSecret('word'); new Thing('a', { value: word, nested: { word } });")).ShouldSucceed().Result.HasChanges.ShouldBeFalse();
    }

    [Fact]
    public async Task A_provider_that_knows_no_secrets_gets_them_in_clear_and_they_stay_secrets_in_the_state()
    {
        _world.Config["world:secrets"] = new ConfigValue("no", false);

        var run = (await _world.UpAsync("new Thing('a', { nested: { word: pulumi.secret('open sesame') } });")).ShouldSucceed();

        run.Call("Create a")["inputs"]!["nested"]!["word"]!.GetValue<string>().ShouldBe("open sesame");
        Thing("a").Inputs["nested"].ContainsSecrets().ShouldBeTrue();
        Thing("a").Outputs["nested"].ContainsSecrets().ShouldBeTrue();
    }

    [Fact]
    public async Task Additional_secret_outputs_are_secret()
    {
        (await _world.UpAsync("new Thing('a', { value: 1 }, { additionalSecretOutputs: ['stamp'] });")).ShouldSucceed();

        Thing("a").Outputs["stamp"].ShouldBeOfType<PropertyValue.Secret>();
    }

    [Fact]
    public async Task What_is_not_known_yet_reaches_the_provider_in_previews_only()
    {
        const string program = "const a = new Thing('a', { value: 1 }); new Thing('b', { value: a.stamp }); exports.stamp = a.stamp;";

        var preview = (await _world.PreviewAsync(program)).ShouldSucceed();

        preview.Call("Create(preview) b")["inputs"]!["value"]!.GetValue<string>().ShouldBe(Signatures.Sentinel(UnknownKind.String));
        preview.Step("b").New!.Inputs["value"].ShouldBeOfType<PropertyValue.Unknown>();
        preview.Result.Outputs["stamp"].ShouldBeOfType<PropertyValue.Unknown>();
        preview.Result.Snapshot.Resources.ShouldBeEmpty();
        _world.Store.All.ShouldBeEmpty();
        (await _world.UpAsync(program)).ShouldSucceed().Call("Create b")["inputs"]!["value"]!.GetValue<string>().ShouldBe("made in a");
    }

    [Fact]
    public async Task Without_previews_in_the_provider_the_inputs_stand_for_the_outputs()
    {
        _world.Config["world:preview"] = new ConfigValue("no", false);

        var run = (await _world.PreviewAsync("new Thing('a', { value: 1 });")).ShouldSucceed();

        run.CallNames.ShouldNotContain("Create(preview) a");
        run.Step("a").New!.Outputs["value"].ShouldBe(1);
    }

    [Fact]
    public async Task Ignored_changes_are_what_they_were()
    {
        (await _world.UpAsync("new Thing('a', { value: 1, tags: ['x', 'y'] });")).ShouldSucceed();

        var run = (await _world.UpAsync("new Thing('a', { value: 2, tags: ['x', 'z'] }, { ignoreChanges: ['value', 'tags[1]'] });")).ShouldSucceed();

        run.Result.HasChanges.ShouldBeFalse();
        Thing("a").Inputs["value"].ShouldBe(1);
    }

    [Fact]
    public async Task Timeouts_and_options_reach_provider_and_state()
    {
        var run = (await _world.UpAsync("const g = new Group('g'); new Thing('a', { value: 1 }, { parent: g, customTimeouts: { create: '1h30m' }, dependsOn: g });")).ShouldSucceed();

        run.Call("Create a")["timeout"]!.GetValue<double>().ShouldBe(5400);
        var state = _world.Store.Last.Resources.Single(resource => resource.Type == "world:index:Thing");
        state.Urn.ShouldBe(World.Urn("a", "world:index:Group$world:index:Thing"));
        state.CustomTimeouts!.Create.ShouldBe(TimeSpan.FromMinutes(90));
        state.Parent.ShouldBe(World.Urn("g", "world:index:Group"));
        state.Created.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_renamed_resource_is_found_by_its_alias()
    {
        (await _world.UpAsync("const g = new Group('old'); new Thing('old-a', { value: 1 }, { parent: g });")).ShouldSucceed();

        var run = (await _world.UpAsync("const g = new Group('new', { aliases: [{ name: 'old' }] }); new Thing('new-a', { value: 1 }, { parent: g });")).ShouldSucceed();

        run.Result.HasChanges.ShouldBeFalse();
        _world.Store.Last.Resources.ShouldNotContain(state => state.Urn.Contains("old"));
        _world.Store.Last.Resources.Single(state => state.Type == "world:index:Thing").Id.ShouldBe("old-a");
    }

    [Fact]
    public async Task A_resource_of_somebody_else_is_read_and_never_deleted()
    {
        await File.WriteAllTextAsync(_world.ThingFile("theirs"), """{"value": 4}""", TestContext.Current.CancellationToken);

        var run = (await _world.UpAsync("const t = Thing.get('t', 'theirs'); exports.value = t.value;")).ShouldSucceed();
        run.Result.Outputs["value"].ShouldBe(4);
        run.Step("t").Operation.ShouldBe(StepOperation.Read);
        _world.Store.Last.Resources.Single(state => state.Urn == World.Urn("t")).External.ShouldBeTrue();

        (await _world.UpAsync("")).ShouldSucceed().Result.Changes[StepOperation.Discard].ShouldBe(1);
        File.Exists(_world.ThingFile("theirs")).ShouldBeTrue();
        (await _world.UpAsync("Thing.get('t', 'nobodys');")).ShouldFail("nobodys");
    }

    [Fact]
    public async Task A_function_of_a_provider_answers()
    {
        var run = (await _world.UpAsync("exports.said = pulumi.output(pulumi.runtime.invoke('world:index:echo', { text: 'hello' })).apply(r => r.echo);")).ShouldSucceed();

        run.Result.Outputs["said"].ShouldBe("hello");
    }

    [Fact]
    public async Task A_provider_of_the_Node_SDKs_own_module_works()
    {
        _world.Packages = ["plain"];
        (await _world.UpAsync("const p = new Plain('p', { text: 'four', kind: 1 }); exports.length = p.length;")).ShouldSucceed().Result.Outputs["length"].ShouldBe(4);
        (await _world.UpAsync("new Plain('p', { text: 'four', kind: 1 });")).ShouldSucceed().Result.HasChanges.ShouldBeFalse();
        (await _world.UpAsync("new Plain('p', { text: 'eleven', kind: 1 });")).ShouldSucceed().Step("p").New!.Outputs["length"].ShouldBe(6);
        (await _world.PreviewAsync("new Plain('p', { text: 'x', kind: 2 });")).ShouldSucceed().Result.Changes[StepOperation.Replace].ShouldBe(1);
        (await _world.DestroyAsync()).ShouldSucceed();
    }

    private ResourceState Thing(string name) => _world.Store.Last.Resources.Single(state => state.Urn == World.Urn(name));

    private static bool IsSecret(JsonNode? value) => value is JsonObject map && map[Signatures.Key]?.GetValue<string>() == Signatures.Secret;
}
