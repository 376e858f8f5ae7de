using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Ssh;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>Which keys let us in, with OpenSSH's sshd, ssh-keygen and ssh-agent.</summary>
public sealed class LoginTests(SshServer server) : IClassFixture<SshServer>
{
    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    public async Task A_key_as_text_lets_us_in(string type) =>
        await EntersAsync(new RemoteOptions { PrivateKey = File.ReadAllText(await server.MakeKeyAsync($"text-{type}", type)) });

    [Fact]
    public async Task A_key_as_text_with_foreign_line_ends_and_blanks_around_it_lets_us_in() =>
        await EntersAsync(new RemoteOptions { PrivateKey = "\n " + File.ReadAllText(server.Key).ReplaceLineEndings("\r\n") + " \n" });

    [Fact]
    public async Task An_encrypted_key_file_lets_us_in_with_its_passphrase() =>
        await EntersAsync(new RemoteOptions { PrivateKeyFile = await server.MakeKeyAsync("encrypted", "ed25519", "open sesame"), Passphrase = "open sesame" });

    [Fact]
    public async Task An_encrypted_key_without_its_passphrase_says_what_to_set()
    {
        var key = await server.MakeKeyAsync("locked", "ed25519", "open sesame");

        (await RefusedAsync<InputInvalidException>(new RemoteOptions { PrivateKeyFile = key })).Message.ShouldContain("provisioner:passphrase");
        (await RefusedAsync<InputInvalidException>(new RemoteOptions { PrivateKeyFile = key, Passphrase = "wrong words" })).Message.ShouldNotContain("wrong words");
    }

    [Fact]
    public async Task A_key_file_that_is_not_there_is_named() =>
        (await RefusedAsync<InputInvalidException>(new RemoteOptions { PrivateKeyFile = "/nowhere/id" })).Message.ShouldContain("/nowhere/id");

    [Theory]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\n")]
    public async Task What_is_no_key_is_refused_without_repeating_it(string text) =>
        (await RefusedAsync<InputInvalidException>(new RemoteOptions { PrivateKey = text })).Message.ShouldNotContain("AAAA");

    [Fact]
    public async Task A_key_that_the_device_does_not_know_is_named()
    {
        using var folder = new TemporaryFolder();
        await Tool.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", string.Empty, "-f", folder["stranger"]);

        var failure = await RefusedAsync<DeviceLoginException>(new RemoteOptions { PrivateKeyFile = folder["stranger"] });

        failure.Code.ShouldBe("device.login");
        failure.Message.ShouldContain(folder["stranger"]);
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    public async Task A_key_in_the_agent_lets_us_in(string type)
    {
        await using var agent = await Agent.StartAsync();
        await agent.AddAsync(await server.MakeKeyAsync($"agent-{type}", type));

        await EntersAsync(new RemoteOptions { UseAgent = true, AgentSocket = agent.Socket });
    }

    [Fact]
    public async Task The_right_key_of_several_in_the_agent_lets_us_in()
    {
        using var folder = new TemporaryFolder();
        await using var agent = await Agent.StartAsync();
        await Tool.RunAsync("ssh-keygen", "-q", "-t", "rsa", "-N", string.Empty, "-f", folder["stranger"]);
        await agent.AddAsync(folder["stranger"]);
        await agent.AddAsync(server.Key);

        await EntersAsync(new RemoteOptions { UseAgent = true, AgentSocket = agent.Socket });
    }

    [Fact]
    public async Task An_agent_lists_its_keys_as_ssh_add_does()
    {
        await using var agent = await Agent.StartAsync();
        await agent.AddAsync(server.Key);

        var keys = new AgentClient(agent.Socket).Keys();

        keys.Select(key => HostKeyPin.FingerprintOf(key.PublicKey)).ShouldBe([(await agent.ListAsync()).Split(' ')[1]]);
        keys.Select(key => key.Comment).ShouldBe(["login"]);
    }

    [Fact]
    public async Task An_empty_agent_is_named_as_such()
    {
        await using var agent = await Agent.StartAsync();

        (await RefusedAsync<DeviceLoginException>(new RemoteOptions { UseAgent = true, AgentSocket = agent.Socket })).Message.ShouldContain("holds no key");
    }

    [Fact]
    public async Task An_agent_that_is_not_there_is_named() =>
        (await RefusedAsync<InputInvalidException>(new RemoteOptions { UseAgent = true, AgentSocket = "/nowhere/agent" })).Message.ShouldContain("/nowhere/agent");

    private async Task EntersAsync(RemoteOptions options)
    {
        await using var hub = new RemoteHub(options, TimeProvider.System);
        (await hub.ForChanging(server.Address()).RunAsync(Script.Of($"echo in"), default)).Text.ShouldBe("in\n");
    }

    private async Task<TException> RefusedAsync<TException>(RemoteOptions options)
        where TException : ProviderException
    {
        await using var hub = new RemoteHub(options, TimeProvider.System);
        return await Should.ThrowAsync<TException>(() => hub.ForChanging(server.Address()).RunAsync(Script.Of($"echo in"), default));
    }
}
