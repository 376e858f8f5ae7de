using Grpc.Core;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Tests.Remote;
using Pulumi.Wire;

namespace Provisioner.Provider.Tests.Commands;

/// <summary>Commands over a real sshd on loopback.</summary>
public sealed class RemoteCommandTests(SshServer server) : IClassFixture<SshServer>, IAsyncLifetime
{
    private const string Type = "command:remote:Command";

    private CommandPlugin _plugin = null!;

    private PropertyMap Connection => PropertyMap.Of(
        ("host", "127.0.0.1"),
        ("port", server.Port),
        ("user", server.User),
        ("privateKey", new PropertyValue.Secret(File.ReadAllText(server.Key))),
        ("hostKey", server.PublicHostKey("ed25519")));

    public async ValueTask InitializeAsync() => _plugin = await CommandPlugin.StartAsync();

    public ValueTask DisposeAsync() => _plugin.DisposeAsync();

    [Fact]
    public async Task What_it_writes_becomes_outputs_and_is_seen_while_it_runs()
    {
        var (id, outputs) = await _plugin.CreateAsync(Type, Inputs(
            ("create", "cat; echo \"$WHO\"; echo problem >&2; exit 0"), ("stdin", "given\nand this"), ("environment", CommandPlugin.Object(("WHO", "a 'lamp'\nin two \\ lines")))));

        id.ShouldMatch("^step[0-9a-f]{16}$");
        outputs["stdout"].ShouldBe("given\nand thisa 'lamp'\nin two \\ lines");
        outputs["stderr"].ShouldBe("problem");
        _plugin.Lines.ShouldBe(["given", "and thisa 'lamp'", "in two \\ lines", "problem"], ignoreOrder: true);
    }

    [Fact]
    public async Task It_runs_in_the_login_shell_as_the_login_leaves_it()
    {
        var login = (await Tool.RunAsync("sh", "-c", "umask")).Trim();
        var (_, outputs) = await _plugin.CreateAsync(Type, Inputs(("create", "umask; pwd; false; echo ${0##*/} $# $(env | grep -c PROVISIONER)")));

        var shell = Path.GetFileName((await Tool.RunAsync("sh", "-c", "getent passwd \"$(id -un)\"")).Trim().Split(':')[^1]);
        outputs["stdout"].ShouldBe($"{login}\n{Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}\n{shell} 0 0");
    }

    [Fact]
    public async Task Nothing_of_the_user_stands_in_a_command_line_and_the_key_in_no_environment()
    {
        const string canary = "canary'$x \"bird\" of the wire;";
        const string command = "quick'$x \"brown\" fox";
        using var watcher = new ProcessWatcher(canary);
        var inputs = Inputs(
            ("create", new PropertyValue.Secret($"sleep 0.5; : {ShellQuoting.Quote(command)}; cat; sleep 0.5")),
            ("stdin", new PropertyValue.Secret(canary)));

        var (_, outputs) = await _plugin.CreateAsync(Type, inputs);
        var seen = await watcher.StopAsync();

        seen.Leaks.ShouldBeEmpty();
        seen.Processes.ShouldContain(line => line.Contains("PROVISIONER_COMMAND", StringComparison.Ordinal), "the watcher did not see the command");
        seen.Processes.ShouldAllBe(line => !line.Contains("brown", StringComparison.Ordinal));
        outputs["stdout"].ShouldBe(new PropertyValue.Secret(canary));
        _plugin.Lines.ShouldAllBe(line => !line.Contains("bird", StringComparison.Ordinal) && !line.Contains("brown", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_variable_is_in_no_command_line()
    {
        const string canary = "variable-canary-4711";
        var (_, outputs) = await _plugin.CreateAsync(Type, Inputs(
            ("create", "tr '\\0' ' ' </proc/$$/cmdline; tr '\\0' ' ' </proc/$PPID/cmdline; test -n \"$TOKEN\""),
            ("environment", CommandPlugin.Object(("TOKEN", new PropertyValue.Secret(canary))))));

        outputs["stdout"].Unwrap().ShouldBeOfType<PropertyValue.String>().Value.ShouldNotContain(canary);
    }

    [Fact]
    public async Task Update_and_delete_see_the_output_of_before()
    {
        var trace = Path.Combine(server.Folder, "deleted");
        var inputs = Inputs(("create", "echo first"), ("update", "echo \"after $PULUMI_COMMAND_STDOUT\""), ("delete", $"printf %s \"$PULUMI_COMMAND_STDOUT\" >{trace}"));
        var (_, created) = await _plugin.CreateAsync(Type, inputs);

        var updated = await _plugin.UpdateAsync(Type, created, inputs);
        await _plugin.DeleteAsync(Type, updated);

        updated["stdout"].ShouldBe("after first");
        File.ReadAllText(trace).ShouldBe("after first");
    }

    [Fact]
    public async Task Many_commands_of_one_machine_share_one_connection()
    {
        var before = Logins();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(number => _plugin.CreateAsync(Type, Inputs(("create", $"sleep 0.2; echo {number}")))));

        (Logins() - before).ShouldBe(1);
    }

    [Fact]
    public async Task A_command_that_fails_is_named_with_its_last_words_host_and_user_readable()
    {
        var failure = await Should.ThrowAsync<RpcException>(() => _plugin.CreateAsync(Type, Inputs(("create", "echo so far; echo lost >&2; exit 7"))));

        failure.Status.Detail.ShouldContain("exit code 7");
        failure.Status.Detail.ShouldContain($"{server.User}@127.0.0.1:{server.Port}");
        failure.Status.Detail.ShouldContain("so far");
        failure.Status.Detail.ShouldContain("lost");
    }

    [Fact]
    public async Task Another_host_key_is_refused_and_one_that_nobody_knows_too()
    {
        var other = Connection.With("hostKey", "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8");

        var changed = await Should.ThrowAsync<RpcException>(() => _plugin.CreateAsync(Type, Inputs(other, ("create", "true"))));
        var unknown = await Should.ThrowAsync<RpcException>(() => _plugin.CreateAsync(Type, Inputs(Connection.Without("hostKey"), ("create", "true"))));

        changed.Status.Detail.ShouldContain("device.untrusted");
        changed.Status.Detail.ShouldContain("change the pin (connection.hostKey)");
        unknown.Status.Detail.ShouldContain("No host key is known");
        unknown.Status.Detail.ShouldContain("set connection.hostKey to SHA256:");
    }

    [Fact]
    public async Task Tries_to_connect_are_counted()
    {
        var nobody = Connection.With("port", 1).With("dialErrorLimit", 1);

        var failure = await Should.ThrowAsync<RpcException>(() => _plugin.CreateAsync(Type, Inputs(nobody, ("create", "true"))));

        failure.Status.Detail.ShouldContain("device.unreachable");
        failure.Status.Detail.ShouldContain("the connection was refused");
    }

    [Fact]
    public async Task A_try_to_connect_has_a_time_of_its_own()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var mute = Connection.With("port", ((System.Net.IPEndPoint)silent.LocalEndpoint).Port).With("dialErrorLimit", 0).With("perDialTimeout", 1);

        var failure = await Should.ThrowAsync<RpcException>(() => _plugin.CreateAsync(Type, Inputs(mute, ("create", "true"))));

        failure.Status.Detail.ShouldContain("no answer within 1 s");
    }

    [Fact]
    public async Task It_goes_through_a_machine_on_the_way()
    {
        await using var hop = new SshServer();
        await hop.InitializeAsync();
        var proxy = PropertyMap.Of(
            ("host", "127.0.0.1"), ("port", hop.Port), ("user", hop.User), ("privateKey", File.ReadAllText(hop.Key)), ("hostKey", hop.PublicHostKey("ed25519")));

        var (_, outputs) = await _plugin.CreateAsync(Type, Inputs(Connection.With("proxy", new PropertyValue.Object(proxy)), ("create", "echo \"${SSH_CONNECTION##* }\"")));
        var stranger = await Should.ThrowAsync<RpcException>(() => _plugin.CreateAsync(
            Type, Inputs(Connection.With("proxy", new PropertyValue.Object(proxy.With("hostKey", server.PublicHostKey("ed25519")))), ("create", "true"))));

        outputs["stdout"].ShouldBe($"{server.Port}");
        hop.Log.ShouldContain("direct-tcpip");
        stranger.Status.Detail.ShouldContain("connection.proxy.hostKey");
    }

    [Fact]
    public async Task What_cannot_be_a_connection_is_said_before_anything_is_dialled()
    {
        (await _plugin.FailureAsync(Type, Inputs(Connection.With("host", "root@lamp"), ("create", "true")))).ShouldContain("connection.host must be a name or an address");
        (await _plugin.FailureAsync(Type, Inputs(Connection.With("hostKey", "lamp"), ("create", "true")))).ShouldContain("connection.hostKey must be a public key");
        (await _plugin.FailureAsync(Type, Inputs(Connection.With("privateKey", "~/.ssh/id"), ("create", "true")))).ShouldContain("connection.privateKey is no private key");
        (await _plugin.FailureAsync(Type, CommandPlugin.Map(("create", "true")))).ShouldContain("connection: is required");
    }

    /// <summary>A connection travels as one secret, as SDKs send it.</summary>
    private static PropertyMap Inputs(PropertyMap connection, params (string Name, PropertyValue Value)[] properties) =>
        PropertyMap.Of(properties).With("connection", new PropertyValue.Secret(new PropertyValue.Object(connection.Unwrap())));

    private PropertyMap Inputs(params (string Name, PropertyValue Value)[] properties) => Inputs(Connection, properties);

    private int Logins() => server.Log.Split("Accepted publickey").Length;
}
