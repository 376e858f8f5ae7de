using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Ssh;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>A connection is made of what OpenSSH takes by default today, and of nothing older. The servers are real ones, told to offer just that.</summary>
public sealed class OldServerTests
{
    [Theory]
    [InlineData("KexAlgorithms diffie-hellman-group14-sha1")]
    [InlineData("KexAlgorithms diffie-hellman-group1-sha1")]
    [InlineData("KexAlgorithms diffie-hellman-group-exchange-sha1")]
    [InlineData("Ciphers 3des-cbc")]
    [InlineData("Ciphers aes128-cbc,aes192-cbc,aes256-cbc")]
    [InlineData("Ciphers aes256-ctr", "MACs hmac-sha1")]
    [InlineData("Ciphers aes256-ctr", "MACs hmac-sha1-etm@openssh.com,hmac-sha1-96,hmac-md5")]
    [InlineData("HostKeyAlgorithms ssh-rsa")]
    public async Task A_server_that_has_only_what_is_broken_is_refused_before_anything_is_sent(params string[] settings)
    {
        var server = new SshServer(settings);
        await server.InitializeAsync();
        await using var _ = server;
        foreach (var pin in new[] { server.Fingerprint, server.PublicHostKey("rsa") })
        {
            var failure = await Should.ThrowAsync<DeviceUntrustedException>(() => RunAsync(server, pin));

            failure.What.ShouldContain("offers only ways to connect that are not secure any more");
            failure.Why.ShouldNotBeNull().ShouldContain("No matching");
        }

        server.Log.ShouldNotContain("userauth-request");
    }

    [Theory]
    [InlineData("KexAlgorithms curve25519-sha256")]
    [InlineData("KexAlgorithms ecdh-sha2-nistp256")]
    [InlineData("KexAlgorithms diffie-hellman-group14-sha256")]
    [InlineData("KexAlgorithms diffie-hellman-group16-sha512")]
    [InlineData("Ciphers chacha20-poly1305@openssh.com")]
    [InlineData("Ciphers aes128-gcm@openssh.com")]
    [InlineData("Ciphers aes128-ctr", "MACs hmac-sha2-256")]
    [InlineData("HostKeyAlgorithms rsa-sha2-256")]
    public async Task A_server_that_has_one_of_today_s_is_taken(params string[] settings)
    {
        var server = new SshServer(settings);
        await server.InitializeAsync();
        await using var _ = server;

        (await RunAsync(server, settings[0].StartsWith("HostKey", StringComparison.Ordinal) ? server.PublicHostKey("rsa") : server.Fingerprint)).Text.ShouldBe("in\n");
    }

    [Fact]
    public async Task An_RSA_key_logs_in_and_never_by_SHA_1()
    {
        var server = new SshServer();
        await server.InitializeAsync();
        await using var _ = server;
        var options = server.Options with { PrivateKeyFile = await server.MakeKeyAsync("old", "rsa") };

        (await RunAsync(server, server.Fingerprint, options)).Text.ShouldBe("in\n");

        SshCredentials.Load(options).Keys.ShouldHaveSingleItem().Source.HostKeyAlgorithms.Select(algorithm => algorithm.Name).ShouldBe(["rsa-sha2-512", "rsa-sha2-256"], ignoreOrder: true);
        server.Log.ShouldContain("rsa-sha2-512");
    }

    [Theory]
    [InlineData(0b110_110_110, true)]
    [InlineData(0b110_100_000, true)]
    [InlineData(0b110_000_100, true)]
    [InlineData(0b110_000_000, false)]
    [InlineData(0b100_000_000, false)]
    public void A_key_that_others_can_read_is_warned_of(int mode, bool isWarned)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("key", "a key");
        File.SetUnixFileMode(file, (UnixFileMode)mode);

        var warnings = KeyFileMode.Warnings(new RemoteOptions { PrivateKeyFile = file }).ToList();

        warnings.Count.ShouldBe(isWarned ? 1 : 0);
        warnings.ShouldAllBe(warning => warning.Contains($"chmod 600 {file}"));
    }

    private static async Task<ScriptResult> RunAsync(SshServer server, string pin, RemoteOptions? options = null)
    {
        await using var hub = new RemoteHub(options ?? server.Options, TimeProvider.System);
        return await hub.ForChanging(server.Address(pin)).RunAsync(Script.Of($"echo in"), default);
    }
}
