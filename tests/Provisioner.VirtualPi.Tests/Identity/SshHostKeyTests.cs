using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Identity;

public sealed class SshHostKeyTests
{
    [Fact]
    public async Task The_fingerprint_is_the_one_that_ssh_keygen_prints()
    {
        using var folder = new TemporaryFolder();
        var (pem, line) = await Tool.NewHostKeyAsync(folder);
        var printed = (await Tool.OutputAsync("ssh-keygen", "-l", "-f", folder.File("key.pub"))).Split(' ')[1];

        SshHostKey.FromPrivateKey(pem).Fingerprint.ShouldBe(printed);
        SshHostKey.Parse(line).ShouldBe(SshHostKey.FromPrivateKey(pem));
    }

    [Fact]
    public async Task The_known_hosts_line_is_one_that_ssh_keygen_finds()
    {
        using var folder = new TemporaryFolder();
        var key = SshHostKey.FromPrivateKey((await Tool.NewHostKeyAsync(folder)).Pem);
        await File.WriteAllTextAsync(folder.File("known_hosts"), $"{key.KnownHostsLine("127.0.0.1", 2222)}\n{key.KnownHostsLine("lamp.local", 22)}\n");

        (await Tool.OutputAsync("ssh-keygen", "-F", "[127.0.0.1]:2222", "-f", folder.File("known_hosts"))).ShouldContain(key.Blob);
        (await Tool.OutputAsync("ssh-keygen", "-F", "lamp.local", "-f", folder.File("known_hosts"))).ShouldContain(key.Blob);
    }

    [Fact]
    public async Task An_encrypted_key_is_refused()
    {
        using var folder = new TemporaryFolder();
        await Tool.OutputAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", folder.File("key"));
        var pem = await File.ReadAllTextAsync(folder.File("key"));

        Should.Throw<FormatException>(() => SshHostKey.FromPrivateKey(pem)).Message.ShouldContain("encrypted");
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA/////w==\n-----END OPENSSH PRIVATE KEY-----")]
    public void What_is_no_OpenSSH_key_is_refused(string pem) => Should.Throw<FormatException>(() => SshHostKey.FromPrivateKey(pem));
}
