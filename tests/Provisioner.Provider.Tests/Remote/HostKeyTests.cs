using System.Globalization;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Ssh;

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
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    [InlineData("ed25519")]
    public async Task A_fingerprint_is_looked_for_among_all_types_of_key_before_the_alarm(string type)
    {
        var pin = HostKeyPin.Parse(server.PublicHostKey(type))!.Fingerprint;
        await using var hub = new RemoteHub(server.Options, TimeProvider.System);
        var remote = hub.ForChanging(server.Address(pin));

        (await remote.RunAsync(Script.Of($"echo in"), default)).Text.ShouldBe("in\n");
        (await remote.RunAsync(Script.Of($"echo again") with { FreshLink = true }, default)).Text.ShouldBe("again\n");
    }

    [Fact]
    public async Task The_alarm_shows_every_key_that_was_presented()
    {
        var logins = Logins();

        var failure = await Should.ThrowAsync<DeviceUntrustedException>(() => RunAsync(server.Address(Another)));

        foreach (var type in new[] { "ed25519", "rsa", "ecdsa" })
        {
            failure.Message.ShouldContain(HostKeyPin.Parse(server.PublicHostKey(type))!.Fingerprint);
        }

        Logins().ShouldBe(logins, "sshd was told a user name");
    }

    [Fact]
    public async Task A_revoked_key_of_another_type_than_the_pinned_one_is_an_alarm_all_the_same()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("known_hosts", $"@revoked * {server.PublicHostKey("ed25519")}\n");

        (await Should.ThrowAsync<DeviceUntrustedException>(() => RunAsync(server.Address(HostKeyPin.Parse(server.PublicHostKey("rsa"))!.Fingerprint), server.Options with { KnownHostsFile = file })))
            .Message.ShouldContain("marked @revoked");
    }

    [Fact]
    public async Task A_pinned_type_that_the_device_has_not_is_named()
    {
        var other = new SshServer("HostKeyAlgorithms ssh-ed25519");
        await other.InitializeAsync();
        await using var _ = other;

        var failure = await Should.ThrowAsync<DeviceUntrustedException>(() => RunAsync(other.Address(other.PublicHostKey("rsa"))));

        failure.What.ShouldContain("has no host key of the pinned type");
        failure.Why.ShouldNotBeNull().ShouldContain("it offers ssh-ed25519");
    }

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

    [Theory]
    [InlineData("@revoked {0} {1}\n{0} {1}")]
    [InlineData("{0} {1}\n@revoked * {1}")]
    [InlineData("{0} {1}\n@revoked [127.*]:* {1} lost on a train")]
    [InlineData("{0} {1}\n@revoked\t{0},other {1}")]
    public async Task A_revoked_key_is_refused_whatever_pins_it(string lines)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("known_hosts", string.Format(CultureInfo.InvariantCulture, lines, $"[127.0.0.1]:{server.Port}", server.PublicHostKey("ed25519")) + "\n");
        var logins = Logins();

        foreach (var address in new[] { $"ssh://{server.User}@127.0.0.1:{server.Port}", server.Address() })
        {
            var failure = await Should.ThrowAsync<DeviceUntrustedException>(() => RunAsync(address, server.Options with { KnownHostsFile = file }));

            failure.Message.ShouldContain("marked @revoked");
        }

        Logins().ShouldBe(logins, "sshd was told a user name");
    }

    [Fact]
    public async Task A_revocation_under_a_hashed_name_counts()
    {
        using var folder = new TemporaryFolder();
        var name = $"[127.0.0.1]:{server.Port}";
        var file = folder.Write("known_hosts", $"{name} {server.PublicHostKey("ed25519")}\n");
        await Tool.RunAsync("ssh-keygen", "-q", "-H", "-f", file);
        File.AppendAllText(file, $"@revoked {File.ReadAllText(file)}");

        await Should.ThrowAsync<DeviceUntrustedException>(() => RunAsync($"ssh://{server.User}@127.0.0.1:{server.Port}", server.Options with { KnownHostsFile = file }));
    }

    [Fact]
    public async Task Another_key_of_the_device_may_be_revoked()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("known_hosts", $"@revoked * {server.PublicHostKey("rsa")}\n[127.0.0.1]:{server.Port} {server.PublicHostKey("ed25519")}\n");

        (await RunAsync($"ssh://{server.User}@127.0.0.1:{server.Port}", server.Options with { KnownHostsFile = file })).Text.ShouldBe("in\n");
    }

    [Fact]
    public async Task A_revoked_key_that_cannot_be_read_leaves_nothing_to_trust()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("known_hosts", $"[127.0.0.1]:{server.Port} {server.PublicHostKey("ed25519")}\n@revoked * ssh-ed25519 AAAAthisisnokey\n");

        (await Should.ThrowAsync<InputInvalidException>(() => RunAsync(server.Address(), server.Options with { KnownHostsFile = file }))).Where.ShouldBe($"{file}, line 2");
    }

    [Fact]
    public async Task The_key_of_an_authority_is_no_host_s_key()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("known_hosts", $"@cert-authority * {server.PublicHostKey("ed25519")}\n");

        (await Should.ThrowAsync<DeviceUntrustedException>(() => RunAsync($"ssh://{server.User}@127.0.0.1:{server.Port}", server.Options with { KnownHostsFile = file })))
            .Message.ShouldContain("certificates of hosts are not followed here");
    }

    /// <summary>ssh-keygen -F says the same of each.</summary>
    [Theory]
    [InlineData("lamp.local", true)]
    [InlineData("LAMP.local", true)]
    [InlineData("other,lamp.local", true)]
    [InlineData("*.local", true)]
    [InlineData("l?mp.*", true)]
    [InlineData("*", true)]
    [InlineData("*a*m*p*.*l*", true)]
    [InlineData("*.local,!lamp.local", false)]
    [InlineData("!lamp.local,*", false)]
    [InlineData("lamp.local,!*.local", false)]
    [InlineData("!other,lamp.local", true)]
    [InlineData("!other", false)]
    [InlineData("lamp", false)]
    [InlineData("lamp.local.", false)]
    [InlineData("[lamp.local]:2222", false)]
    [InlineData("l?p.local", false)]
    [InlineData("|1|AAAA|AAAA", false)]
    [InlineData("|1|lamp.local", false)]
    public async Task Names_in_known_hosts_mean_what_they_mean_to_ssh(string names, bool isMeant)
    {
        using var folder = new TemporaryFolder();
        var line = $"{names} {server.PublicHostKey("ed25519")}";
        var file = folder.Write("known_hosts", line + "\n");

        (KnownHosts.Find(file, DeviceAddress.Parse("ssh://root@lamp.local")).Pins.Count == 1).ShouldBe(isMeant);
        (await Tool.RunAsync("sh", "-c", $"ssh-keygen -F lamp.local -f '{file}' 2>&1 | grep -c '^# Host' || :")).Trim().ShouldBe(isMeant ? "1" : "0");
    }

    [Fact]
    public void Patterns_made_to_take_for_ever_do_not()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("known_hosts", string.Concat(Enumerable.Repeat($"{string.Concat(Enumerable.Repeat("*l", 500))}x {server.PublicHostKey("ed25519")}\n", 200)));

        KnownHosts.Find(file, DeviceAddress.Parse($"ssh://root@{string.Join('.', Enumerable.Repeat(new string('l', 60), 4))}")).Pins.ShouldBeEmpty();
    }

    private int Logins() => server.Log.Split("userauth-request").Length;

    private async Task<ScriptResult> RunAsync(string address, RemoteOptions? options = null)
    {
        await using var hub = new RemoteHub(options ?? server.Options, TimeProvider.System);
        return await hub.ForChanging(address).RunAsync(Script.Of($"echo in"), default);
    }
}
