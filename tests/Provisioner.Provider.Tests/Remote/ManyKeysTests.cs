using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Ssh;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>More keys than a server lets one connection try, and keys that are named by their public half: OpenSSH's sshd, ssh-keygen and ssh-agent.</summary>
public sealed class ManyKeysTests
{
    [Theory]
    [InlineData(6, 8)]
    [InlineData(1, 3)]
    [InlineData(2, 8)]
    public async Task The_last_of_many_keys_in_the_agent_lets_us_in_however_few_a_connection_may_try(int perConnection, int keys)
    {
        await using var server = await ServerAsync($"MaxAuthTries {perConnection}");
        await using var agent = await StrangersAsync(server, keys - 1);
        await agent.AddAsync(server.Key);

        (await RunAsync(server, new RemoteOptions { UseAgent = true, AgentSocket = agent.Socket })).ShouldBe("in\n");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(1)]
    public async Task When_none_of_many_fits_each_is_named_and_was_tried(int perConnection)
    {
        await using var server = await ServerAsync($"MaxAuthTries {perConnection}");
        await using var agent = await StrangersAsync(server, 8);

        var failure = await Should.ThrowAsync<DeviceLoginException>(() => RunAsync(server, new RemoteOptions { UseAgent = true, AgentSocket = agent.Socket }));

        foreach (var number in Enumerable.Range(0, 8))
        {
            failure.Why.ShouldNotBeNull().ShouldContain($"stranger-{number}");
        }

        failure.Why!.ShouldNotContain("not tried");
        foreach (var key in new AgentClient(agent.Socket).Keys())
        {
            server.Log.ShouldContain(HostKeyPin.FingerprintOf(key.PublicKey), customMessage: key.Comment);
        }
    }

    [Fact]
    public async Task A_server_that_takes_no_keys_is_said_to_have_tried_none()
    {
        await using var server = await ServerAsync("PubkeyAuthentication no", "KbdInteractiveAuthentication yes");
        await using var agent = await StrangersAsync(server, 2);

        (await Should.ThrowAsync<DeviceLoginException>(() => RunAsync(server, new RemoteOptions { UseAgent = true, AgentSocket = agent.Socket })))
            .Why.ShouldNotBeNull().ShouldContain("it takes no keys");
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    public async Task A_public_key_file_chooses_the_key_of_the_agent(string type)
    {
        await using var server = await ServerAsync("MaxAuthTries 2");
        await using var agent = await StrangersAsync(server, 3);
        var key = await server.MakeKeyAsync($"chosen-{type}", type);
        await agent.AddAsync(key);
        File.Delete(key);

        var options = new RemoteOptions { PrivateKeyFile = key + ".pub", AgentSocket = agent.Socket };

        (await RunAsync(server, options)).ShouldBe("in\n");
        SshCredentials.Load(options).Keys.ShouldHaveSingleItem();
        KeyFileMode.Warnings(options).ShouldBeEmpty("a public key may be read by everybody");
    }

    [Fact]
    public async Task The_text_of_a_public_key_chooses_it_too()
    {
        await using var server = await ServerAsync();
        await using var agent = await StrangersAsync(server, 1);
        await agent.AddAsync(server.Key);

        (await RunAsync(server, new RemoteOptions { PrivateKey = File.ReadAllText(server.Key + ".pub"), AgentSocket = agent.Socket })).ShouldBe("in\n");
    }

    [Fact]
    public async Task A_public_key_file_whose_private_half_lies_beside_it_is_taken_without_an_agent()
    {
        await using var server = await ServerAsync();

        (await RunAsync(server, new RemoteOptions { PrivateKeyFile = server.Key + ".pub", UseAgent = false })).ShouldBe("in\n");
    }

    [Fact]
    public async Task A_public_key_that_nobody_holds_is_refused_with_what_the_agent_holds()
    {
        await using var server = await ServerAsync();
        await using var agent = await StrangersAsync(server, 1);
        using var folder = new TemporaryFolder();
        await Tool.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", string.Empty, "-f", folder["lost"]);
        File.Delete(folder["lost"]);

        var failure = await Should.ThrowAsync<InputInvalidException>(() => RunAsync(server, new RemoteOptions { PrivateKeyFile = folder["lost.pub"], AgentSocket = agent.Socket }));

        failure.Message.ShouldContain(folder["lost.pub"]);
        failure.Message.ShouldContain("stranger-0");
        failure.Message.ShouldContain("ssh-add");
    }

    [Theory]
    [InlineData("ed25519", "OpenSSH")]
    [InlineData("rsa", "PEM")]
    public async Task An_encrypted_file_whose_key_the_agent_holds_needs_no_passphrase(string type, string form)
    {
        await using var server = await ServerAsync("MaxAuthTries 1");
        await using var agent = await StrangersAsync(server, 1);
        var key = await server.MakeKeyAsync("locked", type);
        await agent.AddAsync(key);
        await Tool.RunAsync("ssh-keygen", ["-q", "-p", "-P", string.Empty, "-N", "open sesame", .. form == "PEM" ? new[] { "-m", "PEM" } : [], "-f", key]);

        (await RunAsync(server, new RemoteOptions { PrivateKeyFile = key, AgentSocket = agent.Socket })).ShouldBe("in\n");
        (await Should.ThrowAsync<InputInvalidException>(() => RunAsync(server, new RemoteOptions { PrivateKeyFile = key, AgentSocket = agent.Socket, UseAgent = false })))
            .Message.ShouldContain("provisioner:passphrase");
    }

    private static async Task<SshServer> ServerAsync(params string[] settings)
    {
        var server = new SshServer(settings);
        await server.InitializeAsync();
        return server;
    }

    /// <summary>An agent with keys that the server does not know.</summary>
    private static async Task<Agent> StrangersAsync(SshServer server, int count)
    {
        var agent = await Agent.StartAsync();
        foreach (var number in Enumerable.Range(0, count))
        {
            var key = Path.Combine(server.Folder, $"stranger-{number}");
            await Tool.RunAsync("ssh-keygen", "-q", "-t", number % 3 == 1 ? "rsa" : "ed25519", "-N", string.Empty, "-C", $"stranger-{number}", "-f", key);
            await agent.AddAsync(key);
        }

        return agent;
    }

    private static async Task<string> RunAsync(SshServer server, RemoteOptions options)
    {
        await using var hub = new RemoteHub(options, TimeProvider.System);
        return (await hub.ForChanging(server.Address()).RunAsync(Script.Of($"echo in"), default)).Text;
    }
}
