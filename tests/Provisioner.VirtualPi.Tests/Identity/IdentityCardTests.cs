using Provisioner.VirtualPi.Identity;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Identity;

public sealed class IdentityCardTests
{
    [Fact]
    public async Task Tar_unpacks_it_with_the_modes_that_sshd_and_NetworkManager_want()
    {
        using var folder = new TemporaryFolder();
        var (pem, line) = await Tool.NewHostKeyAsync(folder);
        await File.WriteAllBytesAsync(folder.File("card"), IdentityCard.Archive(new PiIdentity(pem, "lamp"), "ssh-ed25519 AAAA login", HouseWifi.Default));

        var listed = await Tool.OutputAsync("tar", "--numeric-owner", "-tvf", folder.File("card"));
        await Tool.OutputAsync("tar", "-C", folder.Path, "-xf", folder.File("card"));

        listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(entry => (entry[..10], entry.Split(' ')[^1])).ShouldBe(
        [
            ("-rw-------", "root/.ssh/authorized_keys"),
            ("-rw-------", "etc/NetworkManager/system-connections/bootstrap.nmconnection"),
            ("-rw-------", "etc/ssh/ssh_host_ed25519_key"),
            ("-rw-r--r--", "etc/ssh/ssh_host_ed25519_key.pub"),
            ("-rw-r--r--", "etc/hostname"),
            ("-rw-r--r--", "etc/hosts"),
        ]);
        listed.ShouldContain(" 0/0 ");
        (await File.ReadAllTextAsync(folder.File("etc/ssh/ssh_host_ed25519_key"))).ShouldBe(pem);
        SshHostKey.Parse(await File.ReadAllTextAsync(folder.File("etc/ssh/ssh_host_ed25519_key.pub"))).ShouldBe(SshHostKey.Parse(line));
        (await File.ReadAllTextAsync(folder.File("etc/hostname"))).ShouldBe("lamp\n");
    }

    [Fact]
    public void Without_an_identity_it_brings_no_host_key()
    {
        var text = System.Text.Encoding.Latin1.GetString(IdentityCard.Archive(null, "ssh-ed25519 AAAA login", HouseWifi.Default));

        text.ShouldContain("root/.ssh/authorized_keys");
        text.ShouldNotContain("ssh_host");
        text.ShouldNotContain("etc/hostname");
    }

    [Fact]
    public void The_house_password_itself_is_not_on_it()
    {
        var text = System.Text.Encoding.Latin1.GetString(IdentityCard.Archive(null, "ssh-ed25519 AAAA login", HouseWifi.Default));

        text.ShouldContain($"psk={HouseWifi.Default.DerivedKey}\n");
        text.ShouldNotContain(HouseWifi.Default.Password);
    }

    [Fact]
    public async Task Its_partition_stands_in_the_gap_and_the_others_stay()
    {
        using var folder = new TemporaryFolder();
        var disk = folder.File("disk");
        await using (var file = File.Create(disk))
        {
            file.SetLength(64 << 20);
        }

        await Tool.OutputAsync("/bin/sh", "-c", $"printf 'label: dos\\nstart=16384, size=16384, type=c\\nstart=32768, type=83\\n' | /sbin/sfdisk -q {disk}");
        var sector = new byte[512];
        await using (var file = File.Open(disk, FileMode.Open))
        {
            await file.ReadExactlyAsync(sector);
            file.Position = 0;
            await file.WriteAsync(IdentityCard.WithPartition(sector));
        }

        var lines = (await Tool.OutputAsync("/sbin/sfdisk", "-d", disk)).Split('\n').Where(line => line.StartsWith(disk, StringComparison.Ordinal)).Select(line => line[disk.Length..].Replace(" ", string.Empty, StringComparison.Ordinal));

        lines.ShouldBe(["1:start=16384,size=16384,type=c", "2:start=32768,size=98304,type=83", "3:start=2048,size=8192,type=da"]);
    }

    [Fact]
    public void A_sector_without_the_boot_mark_is_no_master_boot_record() =>
        Should.Throw<ArgumentException>(() => IdentityCard.WithPartition(new byte[512]));

    [Theory]
    [InlineData("")]
    [InlineData("-lamp")]
    [InlineData("lamp home")]
    [InlineData("lamp\nroot")]
    public void A_host_name_that_is_none_is_refused(string name) =>
        Should.Throw<PiException>(() => IdentityCard.Archive(new PiIdentity("pem", name), "key", HouseWifi.Default)).Message.ShouldContain($"'{name}'");

    [Fact]
    public void An_identity_does_not_print_its_key() => new PiIdentity("the key", "lamp").ToString().ShouldNotContain("the key");
}
