using CliWrap;
using CliWrap.EventStream;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Newtonsoft.Json.Linq;
using Provisioner.Provider.Tests.Remote;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Hosting;

/// <summary>The built plugin as a process of its own, started as an engine starts it.</summary>
public sealed class PluginProcessTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _stdout = [];
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineRecorder _engine = null!;
    private GrpcChannel _channel = null!;
    private int _process;

    private ResourceProvider.ResourceProviderClient Client => new(_channel);

    public async ValueTask InitializeAsync()
    {
        _engine = await EngineRecorder.StartAsync();
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = ListenAsync(port);
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{await port.Task}");
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _engine.DisposeAsync();
        await _end.CancelAsync();
        await _exit.Task;
        _end.Dispose();
    }

    [Fact]
    public async Task It_answers_the_handshake_and_its_version()
    {
        var answer = await Client.HandshakeAsync(new ProviderHandshakeRequest { EngineAddress = _engine.Address, SupportsRefreshBeforeUpdate = true });
        var info = await Client.GetPluginInfoAsync(new Empty());

        answer.AcceptSecrets.ShouldBeTrue();
        Version.TryParse(info.Version, out _).ShouldBeTrue();
        _stdout.ShouldHaveSingleItem("stdout holds the port and nothing else");
    }

    [Fact]
    public async Task Its_schema_is_the_package_and_its_configuration()
    {
        var schema = JObject.Parse((await Client.GetSchemaAsync(new GetSchemaRequest())).Schema);

        schema["name"]!.Value<string>().ShouldBe("provisioner");
        schema["provider"]!["inputProperties"]!["privateKey"]!["secret"]!.Value<bool>().ShouldBeTrue();
        schema["config"]!["variables"]!["connectTimeout"]!["default"]!.Value<double>().ShouldBe(15);
    }

    [Fact]
    public async Task Its_configuration_is_checked_with_the_property_named_and_the_secret_not()
    {
        var response = await Client.CheckConfigAsync(new CheckRequest
        {
            Urn = Plugin.Urn("pulumi:providers:provisioner", "default"),
            News = PropertyCodec.Encode(PropertyMap.Of(
                ("version", "0.1.0"), ("connectTimeout", "soon"), ("useAgent", "true"), ("privateKey", new PropertyValue.Array(["hush-hush"])), ("colour", "red"))),
        });

        response.Failures.Select(failure => failure.Property).ShouldBe(["privateKey", "connectTimeout", "colour"]);
        response.Failures.ShouldAllBe(failure => !failure.Reason.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_its_configuration_calls_secret_is_one_however_it_was_given()
    {
        var response = await Client.CheckConfigAsync(new CheckRequest
        {
            Urn = Plugin.Urn("pulumi:providers:provisioner", "default"),
            News = PropertyCodec.Encode(PropertyMap.Of(("passphrase", "hush-hush"), ("privateKeyFile", "~/key"))),
        });

        PropertyCodec.Decode(response.Inputs).ShouldBe(PropertyMap.Of(("passphrase", new PropertyValue.Secret("hush-hush")), ("privateKeyFile", "~/key")));
    }

    [Fact]
    public async Task Another_key_is_a_difference_that_replaces_nothing()
    {
        var response = await Client.DiffConfigAsync(new DiffRequest
        {
            OldInputs = PropertyCodec.Encode(PropertyMap.Of(("version", "0.1.0"), ("privateKeyFile", "~/old"))),
            News = PropertyCodec.Encode(PropertyMap.Of(("version", "0.2.0"), ("privateKeyFile", "~/new"))),
        });

        response.Changes.ShouldBe(DiffResponse.Types.DiffChanges.DiffSome);
        response.Diffs.ShouldBe(["privateKeyFile"]);
        response.Replaces.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_it_does_not_do_it_answers_as_unimplemented() =>
        (await Should.ThrowAsync<RpcException>(async () => await Client.InvokeAsync(new InvokeRequest { Tok = "provisioner:index:x" }))).StatusCode.ShouldBe(StatusCode.Unimplemented);

    [Fact]
    public async Task It_ends_when_its_engine_is_gone()
    {
        await _engine.DisposeAsync();

        (await _exit.Task.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe(0);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task It_ends_well_on_a_signal(string signal)
    {
        await Tool.RunAsync("kill", "-s", signal, $"{_process}");

        (await _exit.Task.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe(0);
    }

    [Fact]
    public async Task A_process_of_another_user_gets_no_answer()
    {
        OtherUser.Require();
        var method = "/pulumirpc.ResourceProvider/GetPluginInfo";
        var port = int.Parse(_stdout.Single(), provider: null);

        (await OtherUser.CallAsync(port, method, [], asOther: false)).ShouldBe("answered 200", "the caller of this test can call");
        (await OtherUser.CallAsync(port, method, [], asOther: true)).ShouldBe("no answer");
    }

    private async Task ListenAsync(TaskCompletionSource<int> port)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "pulumi-resource-provisioner");
        var code = -1;
        try
        {
            // A test run in the background of a script has SIGINT ignored, and hands that down.
            await foreach (var happening in Cli.Wrap("env").WithArguments(["--default-signal", program, "--logtostderr", "-v=3", _engine.Address]).WithValidation(CommandResultValidation.None).ListenAsync(_end.Token))
            {
                switch (happening)
                {
                    case StartedCommandEvent started:
                        _process = started.ProcessId;
                        break;
                    case StandardOutputCommandEvent line:
                        _stdout.Add(line.Text);
                        port.TrySetResult(int.Parse(line.Text, provider: null));
                        break;
                    case ExitedCommandEvent exited:
                        code = exited.ExitCode;
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }

        _exit.TrySetResult(code);
    }
}
