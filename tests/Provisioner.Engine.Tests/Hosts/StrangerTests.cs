using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Functions;
using Provisioner.Engine.Projects;
using Provisioner.Engine.Tests.Deployments.Support;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Tests.Hosts;

/// <summary>What a process of another user gets from the engine's ports.</summary>
public sealed class StrangerTests
{
    [Fact]
    public async Task The_ports_of_a_run_answer_the_program_and_nobody_elses_process()
    {
        OtherUser.Require();
        using var world = new World();
        world.Config["demo:word"] = new ConfigValue("open sesame", true);
        var read = new ResourceInvokeRequest
        {
            Tok = "pulumi:pulumi:getResource",
            Args = PropertyCodec.Encode(PropertyMap.Of(("urn", World.Urn("a")))),
            AcceptResources = true,
        };

        // The program starts the stranger itself, while the engine serves it.
        var run = (await world.UpAsync($$"""
            const { execFileSync } = require('child_process');
            const thing = new Thing('a', { value: new pulumi.Config().requireSecret('word') });
            const script = `
              const frame = Buffer.from('{{Frame(read)}}', 'base64');
              const session = require('http2').connect('http://' + process.argv[1]);
              const end = (word) => { console.log(word); process.exit(0); };
              session.on('error', () => end('no answer'));
              session.on('close', () => end('no answer'));
              const call = session.request({ ':method': 'POST', ':path': process.argv[2], 'content-type': 'application/grpc', te: 'trailers' });
              call.on('error', () => end('no answer'));
              let heard = '', isAnswered = false;
              call.on('response', () => { isAnswered = true; });
              call.on('data', (bytes) => { heard += bytes.toString('latin1'); });
              call.on('end', () => end(heard.includes('open sesame') ? 'read the secret' : isAnswered ? 'answered' : 'no answer'));
              call.end(frame);`;
            const asked = (user, address, method) => execFileSync(
              'setpriv', [...user, '--', process.execPath, '-e', script, address, method], { cwd: '/' }).toString().trim();
            const nobody = ['--reuid={{OtherUser.Id}}', '--regid={{OtherUser.Id}}', '--clear-groups'];
            const monitor = '/pulumirpc.ResourceMonitor/Invoke', engine = '/pulumirpc.Engine/GetRootResource';
            exports.own = thing.stamp.apply(() => asked([], process.env.PULUMI_MONITOR, monitor));
            exports.stranger = thing.stamp.apply(() => asked(nobody, process.env.PULUMI_MONITOR, monitor));
            exports.strangerAtEngine = thing.stamp.apply(() => asked(nobody, process.env.PULUMI_ENGINE, engine));
            """)).ShouldSucceed();

        run.Result.Outputs["own"].ShouldBe("read the secret");
        run.Result.Outputs["stranger"].ShouldBe("no answer");
        run.Result.Outputs["strangerAtEngine"].ShouldBe("no answer");
        run.Events.OfType<EngineEvent.Diagnostic>().Count(diagnostic => diagnostic.Message.Contains($"the user {OtherUser.Id}'s", StringComparison.Ordinal)).ShouldBe(1, "it is told, once");
    }

    [Fact]
    public async Task The_port_for_messages_of_a_plugin_is_as_closed()
    {
        OtherUser.Require();
        var heard = new List<string>();
        await using var side = await SideChannel.StartAsync(heard.Add, TestContext.Current.CancellationToken);
        var port = int.Parse(side.Address.Split(':')[1], CultureInfo.InvariantCulture);
        var message = new LogRequest { Severity = LogSeverity.Error, Message = "believe me" }.ToByteArray();

        (await OtherUser.CallAsync(port, "/pulumirpc.Engine/Log", message, asOther: true)).ShouldBe("no answer");
        heard.ShouldNotContain("believe me");
        (await OtherUser.CallAsync(port, "/pulumirpc.Engine/Log", message, asOther: false)).ShouldBe("answered 200");
        heard.ShouldContain("believe me");
    }

    private static string Frame(IMessage message)
    {
        var body = message.ToByteArray();
        return Convert.ToBase64String([0, 0, 0, 0, (byte)body.Length, .. body]);
    }
}
