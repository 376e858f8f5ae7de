using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Provisioner.VirtualPi.Qmp;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Qmp;

public sealed class QmpClientTests
{
    private const string Greeting = """{"QMP": {"version": {}, "capabilities": []}}""";

    [Fact]
    public async Task An_answer_is_found_among_events()
    {
        using var folder = new TemporaryFolder();
        var asked = new List<string>();
        await using var server = Server(folder, request =>
        {
            asked.Add(request["execute"]!.GetValue<string>());
            return ["""{"event": "STOP", "timestamp": {}}""", $$$"""{"return": {"status": "paused"}, "id": {{{request["id"]}}}}"""];
        });
        using var qmp = await QmpClient.ConnectAsync(folder.File("qmp"), TimeProvider.System, TestContext.Current.CancellationToken);

        var answer = await qmp.ExecuteAsync("query-status", null, TestContext.Current.CancellationToken);

        answer["status"]!.GetValue<string>().ShouldBe("paused");
        asked.ShouldBe(["qmp_capabilities", "query-status"]);
    }

    [Fact]
    public async Task A_refusal_is_an_error_with_QEMUs_words()
    {
        using var folder = new TemporaryFolder();
        await using var server = Server(folder, request => request["execute"]!.GetValue<string>() == "qmp_capabilities"
            ? [$$$"""{"return": {}, "id": {{{request["id"]}}}}"""]
            : [$$$"""{"error": {"class": "GenericError", "desc": "Bus 'x' not found"}, "id": {{{request["id"]}}}}"""]);
        using var qmp = await QmpClient.ConnectAsync(folder.File("qmp"), TimeProvider.System, TestContext.Current.CancellationToken);

        var error = await Should.ThrowAsync<QmpException>(() => qmp.ExecuteAsync("device_add", new JsonObject(), TestContext.Current.CancellationToken));

        error.Message.ShouldBe("QEMU refused device_add: Bus 'x' not found");
    }

    [Fact]
    public async Task A_QEMU_that_hangs_up_is_an_error_and_no_wait()
    {
        using var folder = new TemporaryFolder();
        await using var server = Server(folder, request => request["execute"]!.GetValue<string>() == "quit" ? null : [$$$"""{"return": {}, "id": {{{request["id"]}}}}"""]);
        using var qmp = await QmpClient.ConnectAsync(folder.File("qmp"), TimeProvider.System, TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<QmpException>(() => qmp.ExecuteAsync("quit", null, TestContext.Current.CancellationToken))).Message.ShouldContain("hung up during quit");
    }

    [Fact]
    public async Task Where_nobody_listens_there_is_no_QEMU()
    {
        using var folder = new TemporaryFolder();

        var error = await Should.ThrowAsync<QmpException>(() => QmpClient.ConnectAsync(folder.File("qmp"), TimeProvider.System, TestContext.Current.CancellationToken));

        error.Message.ShouldContain(folder.File("qmp"));
    }

    private static ScriptedServer Server(TemporaryFolder folder, Func<JsonNode, string[]?> answer) => new(folder.File("qmp"), answer);

    /// <summary>Speaks QMP to one client on a real socket; a null answer hangs up.</summary>
    private sealed class ScriptedServer : IAsyncDisposable
    {
        private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly Task _serving;

        public ScriptedServer(string path, Func<JsonNode, string[]?> answer)
        {
            _listener.Bind(new UnixDomainSocketEndPoint(path));
            _listener.Listen();
            _serving = ServeAsync(answer);
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            try
            {
                await _serving;
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
            {
                // The client left, or never came.
            }
        }

        private async Task ServeAsync(Func<JsonNode, string[]?> answer)
        {
            using var client = await _listener.AcceptAsync();
            await using var stream = new NetworkStream(client);
            using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
            await SendAsync(Greeting);
            while (await reader.ReadLineAsync() is { } line)
            {
                if (answer(JsonNode.Parse(line)!) is not { } lines)
                {
                    return;
                }

                foreach (var text in lines)
                {
                    await SendAsync(text);
                }
            }

            async Task SendAsync(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"));
        }
    }
}
