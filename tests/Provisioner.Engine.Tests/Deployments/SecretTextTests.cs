using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;
using Provisioner.Engine.Tests.Deployments.Support;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.Deployments;

/// <summary>A secret that a program takes in clear, as SDKs give it to whoever asks so, is one in all that the engine tells and keeps.</summary>
public sealed class SecretTextTests
{
    private const string Word = "open sesame & \"more\"";

    private static string Told(Run run) => string.Join('\n', run.Events.Select(Text));

    private static string Text(EngineEvent told) => told switch
    {
        EngineEvent.StepStarted started => Text(started.Step),
        EngineEvent.StepFinished finished => Text(finished.Step),
        EngineEvent.StepFailed failed => Text(failed.Step),
        EngineEvent.Ended ended => ended.Result.Outputs.ToString(),
        EngineEvent.Started started => string.Join('\n', started.Config.Values),
        _ => told.ToString(),
    };

    private static string Text(StepMetadata step) => string.Join('\n', new[] { step.Old, step.New }.OfType<ResourceState>()
        .Select(state => $"{state.Inputs} {state.Outputs} {string.Join(' ', state.InitErrors)}"));

    [Fact]
    public async Task What_a_program_prints_logs_and_exports_is_told_without_it()
    {
        using var world = new World { Options = new DeploymentOptions { Debug = true } };
        world.Config["demo:word"] = new ConfigValue(Word, true);

        var run = (await world.UpAsync("""
            const word = new pulumi.Config().require('word');
            console.log('out', word);
            console.error('err', word);
            console.log('red', word.slice(0, 4) + '\u001b[31m' + word.slice(4) + '\u001b[0m');
            console.log('base64', Buffer.from(word).toString('base64'));
            console.log(Buffer.from(word).toString('base64').match(/.{1,6}/g).join(' '));
            console.log('json', JSON.stringify({ word }), JSON.stringify(JSON.stringify({ word })));
            console.log('hex', Buffer.from(word));
            console.log('url', encodeURIComponent(word));
            pulumi.log.info('info ' + word);
            pulumi.log.debug('debug ' + word);
            pulumi.log.warn('warn ' + word);
            exports.plain = word;
            exports.inside = { list: ['a', 'the word is ' + word] };
            exports.encoded = Buffer.from(word).toString('base64');
            exports.other = 'open day';
            """)).ShouldSucceed();

        Told(run).ShouldNotContain("sesame");
        Told(run).ShouldNotContain("more");
        Told(run).ShouldNotContain("b3BlbiBz");
        run.Events.ShouldContain(new EngineEvent.ProgramOutput("out [secret]", false));
        Told(run).ShouldContain("base64 [secret]");
        run.Events.OfType<EngineEvent.Diagnostic>().Select(diagnostic => diagnostic.Message.Trim()).ShouldContain("debug [secret]");
        run.Result.Outputs["plain"].ShouldBe(new PropertyValue.Secret(Word));
        run.Result.Outputs["encoded"].ShouldBeOfType<PropertyValue.Secret>();
        run.Result.Outputs["other"].ShouldBe("open day");
    }

    [Fact]
    public async Task What_a_provider_says_of_it_is_told_and_kept_without_it()
    {
        using var world = new World { Options = new DeploymentOptions { Debug = true } };
        world.Config["demo:word"] = new ConfigValue(Word, true);

        // The value that it came to, "half", stands where a secret was given.
        var failed = (await world.UpAsync("new Thing('a', { value: new pulumi.Config().require('word'), half: true, tells: true });")).ShouldFail("it is only [secret] done: [secret]");

        Told(failed).ShouldNotContain("sesame");
        var thing = world.Store.Last.Resources.Single(state => state.Type == "world:index:Thing");
        thing.Inputs["value"].ShouldBe(new PropertyValue.Secret(Word));
        thing.InitErrors.ShouldBe(["it is only [secret] done: [secret]"]);
    }

    [Fact]
    public async Task A_part_of_a_value_that_is_secret_is_one_by_itself()
    {
        using var world = new World { Secrets = ["inner-secret"] };
        world.Config["demo:settings"] = new ConfigValue("""{"name":"lamp","password":"inner-secret"}""", true);

        var run = (await world.UpAsync("""
            const settings = new pulumi.Config().requireObject('settings');
            console.log(settings.name, settings.password);
            """)).ShouldSucceed();

        run.Events.ShouldContain(new EngineEvent.ProgramOutput("lamp [secret]", false));
    }

    [Fact]
    public async Task Secrets_of_the_state_and_of_registrations_are_not_told_either()
    {
        using var world = new World();
        (await world.UpAsync("""
            new Thing('a', { value: pulumi.secret('made by the program') }).value.apply((value) => { console.log('got', value); });
            """)).ShouldSucceed().Events.ShouldContain(new EngineEvent.ProgramOutput("got [secret]", false));

        var second = (await world.UpAsync("""
            console.log('made by the program');
            new Thing('a', { value: pulumi.secret('made by the program') });
            """)).ShouldSucceed();

        second.Events.ShouldContain(new EngineEvent.ProgramOutput("[secret]", false));
    }

    [Theory]
    [InlineData("await pulumi.runtime.invoke('world:index:echo', { text: word, other: 'lamp' })")]
    [InlineData("await pulumi.runtime.invoke('world:index:echo', { text: pulumi.secret(word), other: 'lamp' })")]
    public async Task What_a_function_makes_of_it_stays_one_through_a_plain_call(string call)
    {
        using var world = new World();
        world.Config["demo:word"] = new ConfigValue(Word, true);

        var run = (await world.UpAsync($$"""
            const word = new pulumi.Config().require('word');
            module.exports = async () => {
              const answer = {{call}};
              console.log('digest', answer.digest);
              new Thing('a', { value: answer.digest });
              return { echo: answer.echo, digest: answer.digest, other: answer.other };
            };
            """)).ShouldSucceed();

        var digest = run.Result.Outputs["digest"].ShouldBeOfType<PropertyValue.Secret>();
        run.Result.Outputs["echo"].ShouldBe(new PropertyValue.Secret(Word));
        run.Result.Outputs["other"].ShouldBe("lamp");
        run.Events.ShouldContain(new EngineEvent.ProgramOutput("digest [secret]", false));
        world.Store.Last.Resources.Single(state => state.Type == "world:index:Thing").Outputs["value"].ShouldBe(digest);
    }
}
