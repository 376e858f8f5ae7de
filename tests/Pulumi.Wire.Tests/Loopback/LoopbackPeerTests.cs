using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using CliWrap;
using CliWrap.Buffered;
using CliWrap.EventStream;
using Pulumi.Wire.Loopback;

namespace Pulumi.Wire.Tests.Loopback;

public sealed class LoopbackPeerTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LoopbackPeerTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public async Task A_connection_of_our_own_user_is_served(AddressFamily family)
    {
        // The second is how .NET and Node connect: a socket of IPv6 that has IPv4's address mapped.
        using var client = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        if (family == AddressFamily.InterNetworkV6)
        {
            client.DualMode = true;
        }

        await client.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
        using var served = await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken);

        (await RefusalAsync(served)).ShouldBeNull();
    }

    [Fact]
    public async Task A_connection_of_another_user_is_refused_and_both_are_named()
    {
        OtherUser.Require();
        using var ended = new CancellationTokenSource();
        var other = OtherUser.Command("bash", "-c", $"exec 3<>/dev/tcp/127.0.0.1/{Port}; read -r -u 3 line").WithValidation(CommandResultValidation.None).ExecuteAsync(ended.Token);
        using (var served = await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken))
        {
            (await RefusalAsync(served)).ShouldNotBeNull().ShouldContain($"the user {OtherUser.Id}'s");
        }

        await other;
    }

    [Fact]
    public async Task A_connection_whose_process_is_gone_belongs_to_nobody()
    {
        // The kernel prints 0, root's number, for a socket that its process has closed; what it has sent still arrives.
        OtherUser.Require();
        await OtherUser.Command("bash", "-c", $"echo do it >/dev/tcp/127.0.0.1/{Port}").ExecuteAsync(TestContext.Current.CancellationToken);
        using var served = await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken);

        (await RefusalAsync(served)).ShouldNotBeNull().ShouldContain("no owner");
    }

    [Fact]
    public async Task Who_only_looks_whether_somebody_listens_is_neither_served_nor_told_of()
    {
        // A plugin does so all the time, to notice when its engine is gone.
        using (var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
        }

        using var served = await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken);

        (await RefusalAsync(served)).ShouldBe("neither");
    }

    [Fact]
    public async Task A_server_of_another_user_is_sent_nothing()
    {
        OtherUser.Require();
        const string Server = """
            const server = require("net").createServer((socket) => socket.on("data", () => console.log("heard something")));
            server.listen(0, "127.0.0.1", () => console.log(server.address().port));
            """;
        using var end = new CancellationTokenSource();
        var heard = new List<string>();
        await foreach (var happening in OtherUser.Command("node", "-e", Server).WithValidation(CommandResultValidation.None).ListenAsync(end.Token).IgnoringCancellation())
        {
            if (happening is StandardOutputCommandEvent line)
            {
                heard.Add(line.Text);
                using var client = new HttpClient(LoopbackPeer.CreateHandler());
                (await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://127.0.0.1:{line.Text}/"), TestContext.Current.CancellationToken)))
                    .ToString().ShouldContain($"the user {OtherUser.Id}'s");
                await end.CancelAsync();
            }
        }

        heard.ShouldHaveSingleItem("the port, and nothing that it was sent");
    }

    [Fact]
    public async Task A_server_of_our_own_user_is_reached()
    {
        using var client = new HttpClient(LoopbackPeer.CreateHandler());
        var answer = client.GetAsync(new Uri($"http://127.0.0.1:{Port}/"), TestContext.Current.CancellationToken);
        using var served = await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await served.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        (await answer).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    /// <summary>What is told, null when the connection is served, and "neither".</summary>
    private static async Task<string?> RefusalAsync(Socket accepted)
    {
        string? outcome = "neither";
        await using var stream = new NetworkStream(accepted);
        await LoopbackPeer.ServeAsync(
            accepted.LocalEndPoint,
            accepted.RemoteEndPoint,
            PipeReader.Create(stream),
            () =>
            {
                outcome = null;
                return Task.CompletedTask;
            },
            refusal => outcome = refusal);
        return outcome;
    }
}

internal static class Events
{
    /// <summary>The end of a command that the test itself ended is an end.</summary>
    public static async IAsyncEnumerable<CommandEvent> IgnoringCancellation(this IAsyncEnumerable<CommandEvent> events)
    {
        await using var all = events.GetAsyncEnumerator();
        while (true)
        {
            try
            {
                if (!await all.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (OperationCanceledException)
            {
                yield break;
            }

            yield return all.Current;
        }
    }
}
