using System.Net;
using System.Net.Sockets;
using System.Text;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>
/// Servers that answer, and with whom one gets no further: real ones that have no algorithm in common with us, and doubles of a
/// few bytes that break off or fall silent where no real one can be made to. Whatever they do, the wait ends within its patience.
/// </summary>
public sealed class ObstinateServerTests
{
    // A limit for a broken test, not a measure: what is tested is that it ends at all.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly LinkTiming Quick = new() { Answer = TimeSpan.FromSeconds(1), Greeting = TimeSpan.FromSeconds(1), Redial = TimeSpan.FromMilliseconds(50) };

    [Theory]
    [InlineData("client MAC", "umac-128-etm@openssh.com", "MACs umac-128-etm@openssh.com")]
    [InlineData("client MAC", "umac-128@openssh.com, umac-128-etm@openssh.com", "Ciphers aes192-ctr", "MACs umac-128@openssh.com,umac-128-etm@openssh.com")]
    [InlineData("key exchange", "diffie-hellman-group-exchange-sha256", "KexAlgorithms diffie-hellman-group-exchange-sha256")]
    public async Task No_algorithm_in_common_is_said_at_once_with_what_the_device_offers(string kind, string offers, params string[] settings)
    {
        var server = new SshServer(settings);
        await server.InitializeAsync();
        await using var _ = server;

        var failure = await FailAsync<DeviceUntrustedException>(server.Options, server.Address());

        failure.What.ShouldContain($"no {kind} algorithm in common");
        failure.Why.ShouldNotBeNull().ShouldContain($"it offers {offers}");
        server.Log.ShouldNotContain("userauth-request");
    }

    public static TheoryData<string, string> Ends => new()
    {
        { "closes at once", "" },
        { "greets and closes", "SSH-2.0-OpenSSH_9.2\r\n" },
        { "greets after a banner and closes", "Welcome\r\nSSH-2.0-dropbear_2022.83\r\n" },
        { "speaks the first version", "SSH-1.5-OpenSSH_3.0\r\n" },
        { "is no SSH server", "HTTP/1.1 400 Bad Request\r\n\r\n" },
        { "breaks off in its first packet", "SSH-2.0-OpenSSH_9.2\r\n\0\0\x05\x0c\x04\x14" },
        { "sends a packet of an impossible length", "SSH-2.0-OpenSSH_9.2\r\n\x7f\x7f\x7f\x7f\x04\x14abcdefgh" },
        { "sends a key exchange that is cut short", "SSH-2.0-OpenSSH_9.2\r\n\0\0\0\x0c\x04\x14abcdef\0\0\0\0" },
        { "disconnects politely", "SSH-2.0-OpenSSH_9.2\r\n\0\0\0\x1c\x07\x01\0\0\0\x0b\0\0\0\x04busy\0\0\0\0\0\0\0\0\0\0\0" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_server_that_ends_the_connection_is_given_up_within_the_patience(string what, string bytes)
    {
        await using var server = new Double(bytes, staysOpen: false);

        var failure = await FailAsync<DeviceUnreachableException>(Options(Quick), server.Address);

        failure.Why.ShouldNotBeNullOrWhiteSpace(what);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\0\0\x05\x0c\x04\x14")]
    public async Task A_server_that_falls_silent_is_given_up_within_the_patience(string bytes)
    {
        await using var server = new Double(bytes, staysOpen: true);

        var failure = await FailAsync<DeviceUnreachableException>(Options(Quick), server.Address);

        failure.Why.ShouldNotBeNull().ShouldContain(bytes.Length == 0 ? "no answer" : "it greeted as an SSH server, and then said nothing more");
    }

    [Fact]
    public async Task A_server_that_greets_and_closes_at_every_try_is_tried_again_and_not_for_ever()
    {
        await using var server = new Double("SSH-2.0-OpenSSH_9.2\r\n", staysOpen: false);

        // The time of an answer is long here: whoever begins it anew at each greeting never comes to an end.
        var failure = await FailAsync<DeviceUnreachableException>(Options(Quick with { Answer = TimeSpan.FromMinutes(10) }), server.Address);

        failure.Why.ShouldNotBeNull().ShouldStartWith("it greeted as an SSH server, and then broke off");
        server.Dialled.ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData(1100)]
    [InlineData(2400)]
    public async Task A_real_key_exchange_that_is_cut_in_the_middle_ends_within_the_patience(int afterBytes)
    {
        var server = new SshServer();
        await server.InitializeAsync();
        await using var _ = server;
        await using var wire = new FaultyWire(server.Port) { AnswersBeforeCut = afterBytes };

        await FailAsync<DeviceUnreachableException>(server.Options with { Timing = Quick, LookPatience = TimeSpan.FromSeconds(1) }, server.Address(port: wire.Port));
    }

    [Fact]
    public async Task A_server_that_recovers_within_the_patience_is_reached()
    {
        var server = new SshServer();
        await server.InitializeAsync();
        await using var _ = server;
        await using var wire = new FaultyWire(server.Port) { AnswersBeforeCut = 1100 };
        await using var hub = new RemoteHub(server.Options with { Timing = Quick with { Answer = TimeSpan.FromSeconds(25) }, DialPatience = Limit }, TimeProvider.System);

        var running = hub.ForChanging(server.Address(port: wire.Port)).RunAsync(Script.Of($"echo in"), default);
        await Tool.UntilAsync(() => wire.Connections > 1, "it is dialled again");
        wire.AnswersBeforeCut = int.MaxValue;

        (await running).Text.ShouldBe("in\n");
    }

    private static RemoteOptions Options(LinkTiming timing) => new() { Password = "not sent", LookPatience = TimeSpan.FromSeconds(1), Timing = timing };

    private static async Task<TException> FailAsync<TException>(RemoteOptions options, string address)
        where TException : ProviderException
    {
        await using var hub = new RemoteHub(options, TimeProvider.System);
        return await Should.ThrowAsync<TException>(() => hub.ForLooking(address).RunAsync(Script.Of($"echo in"), default).WaitAsync(Limit));
    }

    /// <summary>Says a few bytes to whoever dials, and then ends the connection or says nothing more.</summary>
    private sealed class Double : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly Task _accepting;
        private int _dialled;

        public Double(string bytes, bool staysOpen)
        {
            _listener.Start();
            _accepting = AcceptAsync(Encoding.Latin1.GetBytes(bytes), staysOpen);
        }

        public string Address => $"ssh://root@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}?hostKey=SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

        public int Dialled => _dialled;

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _listener.Dispose();
            await _accepting;
            _end.Dispose();
        }

        private async Task AcceptAsync(byte[] bytes, bool staysOpen)
        {
            var open = new List<Socket>();
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptSocketAsync(_end.Token);
                    Interlocked.Increment(ref _dialled);
                    open.Add(client);
                    if (bytes.Length > 0)
                    {
                        await client.SendAsync(bytes, _end.Token);
                    }

                    if (!staysOpen)
                    {
                        client.Shutdown(SocketShutdown.Both);
                        client.Close();
                    }
                }
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                open.ForEach(socket => socket.Dispose());
            }
        }
    }
}
