using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>What happens when the device goes away: real sshd behind a wire that fails.</summary>
public sealed class LostLinkTests : IClassFixture<SshServer>, IAsyncDisposable
{
    private static readonly LinkTiming Quick = new()
    {
        Quiet = TimeSpan.FromMilliseconds(300),
        Answer = TimeSpan.FromSeconds(1.5),
        Idle = TimeSpan.FromMilliseconds(50),
        IdleAnswer = TimeSpan.FromSeconds(1),
        Redial = TimeSpan.FromMilliseconds(50),
    };

    private readonly SshServer _server;
    private readonly FaultyWire _wire;
    private readonly RemoteHub _hub;
    private readonly Tally _tally = new();

    public LostLinkTests(SshServer server)
    {
        _server = server;
        _wire = new FaultyWire(server.Port);
        _hub = new RemoteHub(server.Options with { Timing = Quick, DialPatience = TimeSpan.FromSeconds(20), LookPatience = TimeSpan.FromMilliseconds(500) }, TimeProvider.System);
    }

    private IRemote Remote => _hub.ForChanging(_server.Address(port: _wire.Port), _tally);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _wire.DisposeAsync();
    }

    [Fact]
    public async Task Our_questions_and_the_wait_for_their_answer_stay_below_45_seconds()
    {
        var timing = new LinkTiming();

        (timing.Quiet + timing.Answer).ShouldBeLessThan(TimeSpan.FromSeconds(45));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_device_that_greets_in_time_may_take_longer_for_the_login_than_we_wait_for_a_greeting()
    {
        _wire.Slowness = TimeSpan.FromMilliseconds(400);
        await using var hub = new RemoteHub(
            _server.Options with { Timing = Quick with { Answer = TimeSpan.FromSeconds(25) }, LookPatience = TimeSpan.FromSeconds(2) }, TimeProvider.System);

        var result = await hub.ForLooking(_server.Address(port: _wire.Port)).RunAsync(Script.Of($"echo slow"), default);

        result.Text.ShouldBe("slow\n");
    }

    [Fact]
    public async Task A_connection_that_is_taken_and_never_answered_is_given_up_for_another_try()
    {
        await using var hub = new RemoteHub(
            _server.Options with { Timing = new LinkTiming { Greeting = TimeSpan.FromSeconds(1) }, DialPatience = TimeSpan.FromSeconds(20) }, TimeProvider.System);
        _wire.IsSwallowing = true;
        var running = hub.ForChanging(_server.Address(port: _wire.Port), _tally).RunAsync(Script.Of($"echo back"), default);
        await Tool.UntilAsync(() => _wire.Connections > 1, "it is dialled again");
        _wire.IsSwallowing = false;

        (await running).Text.ShouldBe("back\n");
    }

    [Fact]
    public async Task A_link_that_goes_black_fails_the_script_and_the_next_one_dials_anew()
    {
        var running = Remote.RunAsync(Script.Of($"sleep 1000"), default);
        await BeginsAsync(1);

        _wire.IsSwallowing = true;
        var failure = await Should.ThrowAsync<DeviceLinkLostException>(() => running);

        failure.Code.ShouldBe("device.link-lost");
        failure.Message.ShouldContain("gave no answer");
        failure.Message.ShouldContain("whether the script went through is not known");
        _wire.IsSwallowing = false;
        (await Remote.RunAsync(Script.Of($"echo back"), default)).Text.ShouldBe("back\n");
        _wire.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_device_whose_address_is_being_changed_is_dialled_at_the_new_one_from_then_on()
    {
        await using var hub = new RemoteHub(_server.Options with { DialPatience = TimeSpan.FromSeconds(60) }, TimeProvider.System);
        var remote = hub.ForChanging(_server.Address().Replace("127.0.0.1", "127.0.0.9", StringComparison.Ordinal));

        (await remote.RunAsync(Script.Of($"echo there") with { FreshLink = true, Hosts = [DeviceAddress.Own, "127.0.0.1"] }, default)).Text.ShouldBe("there\n");
        (await remote.RunAsync(Script.Of($"echo still") with { FreshLink = true }, default)).Text.ShouldBe("still\n");
    }

    [Fact]
    public async Task A_new_address_where_nobody_answers_is_forgotten()
    {
        await using var hub = new RemoteHub(_server.Options with { DialPatience = TimeSpan.FromSeconds(2) }, TimeProvider.System);
        var remote = hub.ForChanging(_server.Address());

        await Should.ThrowAsync<DeviceUnreachableException>(() => remote.RunAsync(Script.Of($"echo there") with { FreshLink = true, Hosts = ["127.0.0.9"] }, default));
        (await remote.RunAsync(Script.Of($"echo here"), default)).Text.ShouldBe("here\n");
    }

    [Fact]
    public async Task A_link_that_is_cut_fails_every_script_on_it()
    {
        Task[] running = [Remote.RunAsync(Script.Of($"sleep 1000"), default), Remote.RunAsync(Script.Of($"sleep 1000"), default)];
        await BeginsAsync(2);

        _wire.Cut();

        foreach (var script in running)
        {
            await Should.ThrowAsync<DeviceLinkLostException>(() => script);
        }

        (await Remote.RunAsync(Script.Of($"echo back"), default)).Text.ShouldBe("back\n");
    }

    [Fact]
    public async Task A_reading_of_the_device_whose_link_is_cut_is_done_once_more()
    {
        _wire.Slowness = TimeSpan.FromMilliseconds(100);
        var reading = new DeviceInspection(RandomNumberGenerator.Fill).ReadAsync(Remote, default);
        await BeginsAsync(1);

        _wire.Cut();
        _wire.Slowness = TimeSpan.Zero;

        (await reading).BootId.ShouldBe((await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", TestContext.Current.CancellationToken)).Trim());
        _wire.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_long_silent_script_on_a_good_link_is_left_alone()
    {
        await using var hub = new RemoteHub(_server.Options with { Timing = Quick with { Answer = new LinkTiming().Answer } }, TimeProvider.System);

        // Many times the quiet after which a question is asked.
        (await hub.ForChanging(_server.Address(port: _wire.Port), _tally).RunAsync(Script.Of($"sleep 3; echo done"), default)).Text.ShouldBe("done\n");

        _wire.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_link_that_died_while_nobody_used_it_is_dialled_anew_without_an_error()
    {
        await Remote.RunAsync(Script.Of($":"), default);
        _wire.IsSwallowing = true;
        await Task.Delay(Quick.Idle * 2);
        var next = Remote.RunAsync(Script.Of($"echo back"), default);
        await Tool.UntilAsync(() => _wire.Connections > 1, "it is dialled again");
        _wire.IsSwallowing = false;

        (await next).Text.ShouldBe("back\n");
    }

    [Fact]
    public async Task A_device_that_takes_connections_and_says_nothing_does_not_answer()
    {
        _wire.IsSwallowing = true;

        var failure = await Should.ThrowAsync<DeviceUnreachableException>(() =>
            _hub.ForLooking(_server.Address(port: _wire.Port)).RunAsync(Script.Looking(Shell.Of($":")), default));

        failure.Code.ShouldBe("device.unreachable");
        failure.Message.ShouldContain($"ssh -p {_wire.Port} {_server.User}@127.0.0.1");
    }

    [Fact]
    public async Task After_a_vain_dial_those_who_only_look_are_told_at_once_and_those_who_change_dial_again()
    {
        _wire.IsSwallowing = true;
        var looking = _hub.ForLooking(_server.Address(port: _wire.Port));
        await Should.ThrowAsync<DeviceUnreachableException>(() => looking.RunAsync(Script.Looking(Shell.Of($":")), default));
        var dialled = _wire.Connections;

        await Should.ThrowAsync<DeviceUnreachableException>(() => looking.RunAsync(Script.Looking(Shell.Of($":")), default));
        _wire.Connections.ShouldBe(dialled);

        _wire.IsSwallowing = false;
        (await Remote.RunAsync(Script.Of($"echo in"), default)).Text.ShouldBe("in\n");
    }

    [Fact]
    public async Task A_device_that_comes_up_while_it_is_waited_for_is_reached()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var waiting = _hub.ForChanging(_server.Address(port: port)).RunAsync(Script.Of($"echo up"), default);
        await Task.Delay(300);
        waiting.IsCompleted.ShouldBeFalse();
        using var late = new TcpListener(IPAddress.Loopback, port);
        late.Start();
        using var client = await late.AcceptSocketAsync();
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await server.ConnectAsync(IPAddress.Loopback, _server.Port);
        using var down = new NetworkStream(client);
        using var up = new NetworkStream(server);
        _ = down.CopyToAsync(up);
        _ = up.CopyToAsync(down);

        (await waiting).Text.ShouldBe("up\n");
    }

    [Theory]
    [InlineData("no-such-host.invalid", "not known")]
    [InlineData("127.0.0.1", "refused")]
    public async Task Why_a_device_does_not_answer_is_told(string host, string why)
    {
        var address = $"ssh://root@{host}:1?hostKey={_server.Fingerprint}";

        (await Should.ThrowAsync<DeviceUnreachableException>(() => _hub.ForLooking(address).RunAsync(Script.Looking(Shell.Of($":")), default)))
            .Message.ShouldContain(why);
    }

    [Fact]
    public async Task A_script_that_asks_for_a_fresh_link_gets_one_and_the_others_keep_theirs()
    {
        var mark = Path.Combine(_server.Folder, "fresh");
        var older = Remote.RunAsync(Script.Of($"while ! test -e {mark}; do sleep 0.05; done; echo kept"), default);
        await BeginsAsync(1);

        (await Remote.RunAsync(Script.Of($"touch {mark}; echo fresh") with { FreshLink = true }, default)).Text.ShouldBe("fresh\n");

        (await older).Text.ShouldBe("kept\n");
        _wire.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_device_that_allows_one_session_only_is_served_one_by_one()
    {
        var strict = new SshServer("MaxSessions 1");
        await strict.InitializeAsync();
        await using (strict)
        {
            await using var hub = new RemoteHub(strict.Options with { Timing = Quick }, TimeProvider.System);
            var remote = hub.ForChanging(strict.Address(), _tally);

            var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => remote.RunAsync(Script.Of($"sleep 0.5; echo {number}"), default)));

            results.Select(result => result.Text.Trim()).Order().ShouldBe(["0", "1", "2", "3"]);
            _tally.Of(remote.Address).Dials.ShouldBe(1);
        }
    }

    private Task BeginsAsync(int scripts) =>
        Tool.UntilAsync(() => _tally.Lines().Any(line => line.Contains($" {scripts} exec", StringComparison.Ordinal)), $"{scripts} scripts run");
}
