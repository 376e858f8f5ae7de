using Google.Protobuf;
using Grpc.Core;
using Newtonsoft.Json.Linq;
using Provisioner.Provider.Tests.Remote;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Commands;

/// <summary>Commands of this machine, as Pulumi's own provider of this package runs them.</summary>
public sealed class LocalCommandTests : IAsyncLifetime
{
    private const string Type = "command:local:Command";

    private readonly TemporaryFolder _folder = new();
    private CommandPlugin _plugin = null!;

    public async ValueTask InitializeAsync() => _plugin = await CommandPlugin.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_it_writes_becomes_outputs_and_is_seen_while_it_runs()
    {
        var (id, outputs) = await _plugin.CreateAsync(Type, CommandPlugin.Map(
            ("create", "cat; echo $WHO; echo problem >&2; printf 'two\\n\\n'"), ("stdin", "given\n"), ("environment", CommandPlugin.Object(("WHO", "lamp"))), ("dir", _folder.Path)));

        id.ShouldMatch("^step[0-9a-f]{16}$");
        outputs["stdout"].ShouldBe("given\nlamp\ntwo\n");
        outputs["stderr"].ShouldBe("problem");
        outputs["create"].ShouldBe("cat; echo $WHO; echo problem >&2; printf 'two\\n\\n'");
        _plugin.Lines.ShouldBe(["given", "lamp", "two", "problem"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("stdout", "out")]
    [InlineData("stderr", "err")]
    [InlineData("stdoutAndStderr", "err,out")]
    [InlineData("none", "")]
    public async Task Logging_chooses_what_is_seen_and_not_what_is_kept(string logging, string seen)
    {
        var (_, outputs) = await _plugin.CreateAsync(Type, CommandPlugin.Map(("create", "echo out; echo err >&2"), ("logging", logging)));

        string.Join(',', _plugin.Lines.Order(StringComparer.Ordinal)).ShouldBe(seen);
        outputs["stdout"].ShouldBe("out");
        outputs["stderr"].ShouldBe("err");
    }

    [Fact]
    public async Task A_preview_runs_nothing_and_knows_that_the_output_is_not_known()
    {
        var trace = _folder["trace"];
        var inputs = CommandPlugin.Map(("create", $"touch {trace}"), ("update", $"touch {trace}"), ("assetPaths", CommandPlugin.List("*")));

        var (id, outputs) = await _plugin.CreateAsync(Type, inputs, isPreview: true);
        var updated = await _plugin.UpdateAsync(Type, outputs.With("stdout", "old").With("stderr", "old"), inputs, isPreview: true);
        var (_, unknown) = await _plugin.CreateAsync(Type, CommandPlugin.Map(("create", PropertyValue.UnknownValue)), isPreview: true);
        var (_, idle) = await _plugin.CreateAsync(Type, CommandPlugin.Map(("delete", "true")), isPreview: true);

        File.Exists(trace).ShouldBeFalse();
        id.ShouldBeEmpty();
        foreach (var planned in new[] { outputs, updated })
        {
            planned["stdout"].ShouldBe(PropertyValue.UnknownValue);
            planned["assets"].ShouldBe(PropertyValue.UnknownValue);
            planned.ContainsKey("archive").ShouldBeFalse();
        }

        unknown["stdout"].ShouldBe(PropertyValue.UnknownValue);
        idle["stdout"].ShouldBe(string.Empty);
    }

    [Fact]
    public async Task An_update_runs_update_or_else_create_and_sees_the_output_of_before()
    {
        var inputs = CommandPlugin.Map(("create", "echo first; echo warned >&2"));
        var (_, created) = await _plugin.CreateAsync(Type, inputs);

        var updated = await _plugin.UpdateAsync(Type, created, inputs.With("update", "echo \"after $PULUMI_COMMAND_STDOUT, $PULUMI_COMMAND_STDERR\""));
        var again = await _plugin.UpdateAsync(Type, created, CommandPlugin.Map(("create", "echo \"[$PULUMI_COMMAND_STDOUT]\"")));
        var blind = await _plugin.UpdateAsync(Type, created, CommandPlugin.Map(("create", "echo \"[$PULUMI_COMMAND_STDOUT]\""), ("addPreviousOutputInEnv", false)));
        var idle = await _plugin.UpdateAsync(Type, created, CommandPlugin.Map(("delete", "true")));

        updated["stdout"].ShouldBe("after first, warned");
        again["stdout"].ShouldBe("[first]");
        blind["stdout"].ShouldBe("[]");
        idle["stdout"].ShouldBe("first");
    }

    [Fact]
    public async Task Delete_runs_with_the_output_of_before_and_without_one_nothing_runs()
    {
        var trace = _folder["trace"];
        var (_, created) = await _plugin.CreateAsync(Type, CommandPlugin.Map(("create", "echo made"), ("delete", $"printf %s \"$PULUMI_COMMAND_STDOUT\" >{trace}")));

        await _plugin.DeleteAsync(Type, created);
        File.ReadAllText(trace).ShouldBe("made");

        await _plugin.DeleteAsync(Type, created.Without("delete"));
    }

    [Fact]
    public async Task A_changed_trigger_makes_it_anew_and_any_other_change_updates_it()
    {
        var before = CommandPlugin.Map(("create", "true"), ("triggers", CommandPlugin.List("a", 1)));

        var trigger = await _plugin.DiffAsync(Type, before, CommandPlugin.Map(("create", "true"), ("triggers", CommandPlugin.List("a", 2))));
        var command = await _plugin.DiffAsync(Type, before, CommandPlugin.Map(("create", "false"), ("triggers", CommandPlugin.List("a", 1))));
        var nothing = await _plugin.DiffAsync(Type, before, before);

        trigger.Replaces.ShouldBe(["triggers"]);
        command.Replaces.ShouldBeEmpty();
        command.Diffs.ShouldBe(["create"]);
        nothing.Changes.ShouldBe(DiffResponse.Types.DiffChanges.DiffNone);
    }

    [Fact]
    public async Task A_command_that_fails_is_named_with_its_last_words_and_without_its_secrets()
    {
        var failure = await Should.ThrowAsync<RpcException>(() => _plugin.CreateAsync(Type, CommandPlugin.Map(
            ("create", "echo working; echo \"no way with $TOKEN\" >&2; exit 3"),
            ("environment", CommandPlugin.Object(("TOKEN", new PropertyValue.Secret("hush-hush-canary")))))));

        failure.Status.Detail.ShouldContain("exit code 3");
        failure.Status.Detail.ShouldContain("working");
        failure.Status.Detail.ShouldContain("no way with [secret]");
        failure.Status.Detail.ShouldContain("command.failed");
        failure.Status.Detail.ShouldNotContain("hush-hush");
        _plugin.Lines.ShouldContain("no way with [secret]");
    }

    [Fact]
    public async Task With_a_secret_among_the_inputs_the_outputs_are_secret_too()
    {
        var (_, outputs) = await _plugin.CreateAsync(Type, CommandPlugin.Map(("create", new PropertyValue.Secret("echo hidden-canary"))));

        outputs["create"].ShouldBe(new PropertyValue.Secret("echo hidden-canary"));
        outputs["stdout"].ShouldBe(new PropertyValue.Secret("hidden-canary"));
    }

    [Fact]
    public async Task Another_interpreter_takes_the_command()
    {
        var (_, outputs) = await _plugin.CreateAsync(Type, CommandPlugin.Map(("create", "exit 1"), ("interpreter", CommandPlugin.List("echo", "asked:"))));

        outputs["stdout"].ShouldBe("asked: exit 1");
    }

    [Fact]
    public async Task Files_that_it_makes_come_back_as_assets_and_as_an_archive()
    {
        _folder.Write("secret.txt", "no");
        var (_, outputs) = await _plugin.CreateAsync(Type, CommandPlugin.Map(
            ("create", "mkdir -p sub && echo hi >sub/a.txt && echo ho >b.txt"),
            ("dir", _folder.Path),
            ("assetPaths", CommandPlugin.List("**.txt", "!secret*")),
            ("archivePaths", CommandPlugin.List("sub/*"))));

        var assets = outputs["assets"].ShouldBeOfType<PropertyValue.Object>().Properties;
        assets.Keys.ShouldBe(["b.txt", "sub/a.txt"]);
        assets["sub/a.txt"].ShouldBe(new PropertyValue.Asset(new AssetSource.Path(_folder["sub/a.txt"]), "98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4"));
        outputs["archive"].ShouldBeOfType<PropertyValue.Archive>().Source.ShouldBeOfType<ArchiveSource.Assets>().Entries.Keys.ShouldBe(["sub/a.txt"]);
    }

    [Fact]
    public async Task The_function_runs_it_whenever_it_is_called()
    {
        var answer = await _plugin.Client.InvokeAsync(new InvokeRequest { Tok = "command:local:run", Args = PropertyCodec.Encode(CommandPlugin.Map(("command", "echo now"))) });

        var outputs = PropertyCodec.Decode(answer.Return);
        outputs["stdout"].ShouldBe("now");
        outputs["command"].ShouldBe("echo now");
    }

    [Fact]
    public async Task The_answer_of_the_function_is_secret_when_a_secret_went_into_it()
    {
        var arguments = CommandPlugin.Map(("command", "printf %s \"$WORD\" | wc -c"), ("environment", CommandPlugin.Object(("WORD", new PropertyValue.Secret("open sesame")))));
        var answer = PropertyCodec.Decode((await _plugin.Client.InvokeAsync(new InvokeRequest { Tok = "command:local:run", Args = PropertyCodec.Encode(arguments) })).Return);

        answer["stdout"].ShouldBe(new PropertyValue.Secret("11"));
        answer["command"].ShouldBe(arguments["command"]);
        answer["environment"].ContainsSecrets().ShouldBeTrue();
    }

    [Theory]
    [InlineData("printf 'open\\033[1m sesame'")]
    [InlineData("printf 'open\\000 sesame'")]
    [InlineData("printf %s \"$WORD\" | base64 -w 6")]
    [InlineData("printf %s \"$WORD\" | od -An -tx1")]
    public async Task A_secret_is_taken_out_of_what_is_left_when_the_text_is_clean(string prints)
    {
        var inputs = CommandPlugin.Map(("create", $"{{ {prints}; }} >&2; exit 1"), ("environment", CommandPlugin.Object(("WORD", new PropertyValue.Secret("open sesame")))));

        var detail = (await Should.ThrowAsync<RpcException>(() => _plugin.CreateAsync(Type, inputs))).Status.Detail;

        detail[detail.LastIndexOf("exit 1", StringComparison.Ordinal)..].ShouldContain("[secret]");
        detail.ShouldNotContain("sesame");
        _plugin.Lines.ShouldAllBe(line => !line.Contains("sesame", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_runs_nothing_for_another_user()
    {
        OtherUser.Require();
        const string Method = "/pulumirpc.ResourceProvider/Invoke";
        var request = new InvokeRequest { Tok = "command:local:run", Args = PropertyCodec.Encode(CommandPlugin.Map(("command", $"touch {_folder["run"]}"))) }.ToByteArray();

        (await OtherUser.CallAsync(_plugin.Plugin.Port, Method, request, asOther: true)).ShouldBe("no answer");
        File.Exists(_folder["run"]).ShouldBeFalse();

        (await OtherUser.CallAsync(_plugin.Plugin.Port, Method, request, asOther: false)).ShouldBe("answered 200");
        File.Exists(_folder["run"]).ShouldBeTrue("the call of this test is one that runs it");
    }

    [Fact]
    public async Task What_does_not_fit_is_said_before_anything_runs()
    {
        (await _plugin.FailureAsync(Type, CommandPlugin.Map(("creat", "true")))).ShouldStartWith("creat: is not a property here");
        (await _plugin.FailureAsync(Type, CommandPlugin.Map(("logging", "loud")))).ShouldContain("must be one of \"stdout\"");
        (await _plugin.FailureAsync(Type, CommandPlugin.Map(("environment", CommandPlugin.Object(("A B", "x")))))).ShouldContain("\"A B\" is no name of a variable");
        (await _plugin.FailureAsync(Type, CommandPlugin.Map(("assetPaths", CommandPlugin.List("{a"))))).ShouldContain("a { in it is not closed");
        (await Should.ThrowAsync<RpcException>(() => _plugin.CreateAsync(Type, CommandPlugin.Map(("create", "true"), ("dir", _folder["none"]))))).Status.Detail.ShouldContain($"dir: {_folder["none"]}");
        (await Should.ThrowAsync<RpcException>(() => _plugin.CreateAsync(Type, CommandPlugin.Map(("create", "true"), ("interpreter", CommandPlugin.List("no-such-program")))))).Status.Detail.ShouldContain("no-such-program");
    }

    [Fact]
    public async Task A_cancelled_command_is_ended()
    {
        var running = _plugin.CreateAsync(Type, CommandPlugin.Map(("create", $"echo $$ >{_folder["pid"]}; echo begun; exec sleep 1000")));
        await Tool.UntilAsync(() => _plugin.Lines.Contains("begun"), "the command runs");

        await _plugin.Client.CancelAsync(new Google.Protobuf.WellKnownTypes.Empty());

        (await Should.ThrowAsync<RpcException>(() => running)).StatusCode.ShouldBe(StatusCode.Cancelled);
        var process = File.ReadAllText(_folder["pid"]).Trim();
        await Tool.UntilAsync(() => !Directory.Exists($"/proc/{process}"), "the command is gone");
    }

    [Fact]
    public async Task The_schema_has_the_tokens_of_the_package()
    {
        var schema = JObject.Parse((await _plugin.Client.GetSchemaAsync(new GetSchemaRequest())).Schema);

        schema["name"]!.Value<string>().ShouldBe("command");
        Names(schema, "resources").ShouldBe(["command:local:Command", "command:remote:Command", "command:remote:CopyToRemote"], ignoreOrder: true);
        Names(schema, "functions").ShouldBe(["command:local:run"]);
        Names(schema, "types").ShouldBe(["command:local:Logging", "command:remote:Connection", "command:remote:Logging", "command:remote:ProxyConnection"], ignoreOrder: true);
        schema.SelectToken("resources['command:remote:CopyToRemote'].inputProperties.source.$ref")!.Value<string>().ShouldBe("pulumi.json#/Asset");
        schema.SelectToken("resources['command:local:Command'].inputProperties.triggers.items.$ref")!.Value<string>().ShouldBe("pulumi.json#/Any");
        schema.SelectToken("resources['command:remote:Command'].inputProperties.connection.secret")!.Value<bool>().ShouldBeTrue();
        schema.SelectToken("types['command:remote:Connection'].properties.perDialTimeout.default")!.Value<int>().ShouldBe(15);
    }

    private static IEnumerable<string> Names(JObject schema, string part) => ((JObject)schema[part]!).Properties().Select(property => property.Name);
}
