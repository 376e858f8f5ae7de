using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>A device must prove itself before anything is sent to it.</summary>
public sealed class HostKeyTests(SshServer server) : IClassFixture<SshServer>
{
    private const string Another = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public async Task A_changed_host_key_is_refused_before_the_login_and_both_fingerprints_are_shown()
    {
        var logins = Logins();

        var failure = await Should.ThrowAsync<DeviceUntrustedException>(() => RunAsync(server.Address(Another)));

        failure.Expected.ShouldBe(Another);
        failure.Presented.ShouldBe(server.Fingerprint);
        failure.Message.ShouldContain(Another);
        failure.Message.ShouldContain(server.Fingerprint);
        failure.Code.ShouldBe("device.untrusted");
        Logins().ShouldBe(logins, "sshd was told a user name");
    }

    [Fact]
    public async Task A_device_without_a_pin_is_refused_and_its_fingerprint_is_shown()
    {
        var logins = Logins();

        var failure = await Should.ThrowAsync<DeviceUntrustedException>(() => RunAsync($"ssh://{server.User}@127.0.0.1:{server.Port}"));

        failure.Message.ShouldContain($"?hostKey={server.Fingerprint}");
        Logins().ShouldBe(logins, "sshd was told a user name");
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    public async Task A_pinned_public_key_is_asked_for_whatever_its_type(string type) =>
        (await RunAsync(server.Address(server.PublicHostKey(type)))).Text.ShouldBe("in\n");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_of_known_hosts_pins_an_address_without_a_pin(bool isHashed)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("known_hosts", $"# ours\n[127.0.0.1]:{server.Port} {server.PublicHostKey("ecdsa")}\n");
        if (isHashed)
        {
            await Tool.RunAsync("ssh-keygen", "-q", "-H", "-f", file);
            File.ReadAllText(file).ShouldContain("|1|");
        }

        (await RunAsync($"ssh://{server.User}@127.0.0.1:{server.Port}", server.Options with { KnownHostsFile = file })).Text.ShouldBe("in\n");
    }

    [Fact]
    public async Task A_file_of_known_hosts_with_another_key_refuses()
    {
        using var folder = new TemporaryFolder();
        await Tool.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", string.Empty, "-f", folder["other"]);
        var file = folder.Write("known_hosts", $"[127.0.0.1]:{server.Port} {File.ReadAllText(folder["other.pub"])}");

        await Should.ThrowAsync<DeviceUntrustedException>(() => RunAsync($"ssh://{server.User}@127.0.0.1:{server.Port}", server.Options with { KnownHostsFile = file }));
    }

    private int Logins() => server.Log.Split("userauth-request").Length;

    private async Task<ScriptResult> RunAsync(string address, RemoteOptions? options = null)
    {
        await using var hub = new RemoteHub(options ?? server.Options, TimeProvider.System);
        return await hub.ForChanging(address).RunAsync(Script.Of($"echo in"), default);
    }
}
