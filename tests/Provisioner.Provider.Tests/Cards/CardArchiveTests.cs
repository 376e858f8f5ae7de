using Provisioner.Provider.Cards;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Cards;

public sealed class CardArchiveTests
{
    [Fact]
    public async Task Tar_unpacks_it_with_the_modes_that_sshd_and_NetworkManager_want()
    {
        using var folder = new TemporaryFolder();
        var card = folder["card"];
        await File.WriteAllBytesAsync(card, CardArchive.Write(Identities.Lamp));

        var listed = await Tool.RunAsync("tar", "--numeric-owner", "-tvf", card);
        await Tool.RunAsync("tar", "-C", folder.Path, "-xf", card);

        listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(entry => (entry[..10], entry[(entry.IndexOf(":00 ", StringComparison.Ordinal) + 4)..])).ShouldBe(
        [
            ("-rw-------", "etc/ssh/ssh_host_ed25519_key"),
            ("-rw-r--r--", "etc/ssh/ssh_host_ed25519_key.pub"),
            ("-rw-r--r--", "etc/hostname"),
            ("-rw-r--r--", "etc/hostid"),
            ("-rw-------", "root/.ssh/authorized_keys"),
            ("-rw-------", "etc/NetworkManager/system-connections/card-Home WiFi.nmconnection"),
        ]);
        listed.ShouldContain(" 0/0 ");
        (await Tool.RunAsync("ssh-keygen", "-y", "-f", folder["etc/ssh/ssh_host_ed25519_key"])).Split(' ')[1].TrimEnd().ShouldBe(Identities.Key.PublicKey.Split(' ')[1]);
        (await File.ReadAllBytesAsync(folder["etc/hostid"])).ShouldBe([0x0d, 0x0c, 0x0b, 0x0a]);
        (await File.ReadAllTextAsync(folder["etc/hostname"])).ShouldBe("lamp\n");
    }

    [Fact]
    public void The_same_identity_is_the_same_bytes() => CardArchive.Write(Identities.Lamp).ShouldBe(CardArchive.Write(Identities.Lamp with { }));

    [Fact]
    public void Its_digest_says_nothing_without_the_key()
    {
        var archive = CardArchive.Write(Identities.Lamp);

        CardArchive.Digest("00", archive).ShouldNotBe(CardArchive.Digest("01", archive));
        CardArchive.Digest("00", archive).ShouldNotBe(CardArchive.Digest("00", CardArchive.Write(Identities.Lamp with { Hostname = "bulb" })));
    }

    [Fact]
    public void What_is_no_archive_is_read_as_none()
    {
        CardArchive.Read(new byte[CardLayout.ArchiveLength]).ShouldBeNull();
        CardArchive.Read([.. Enumerable.Repeat((byte)'x', CardLayout.ArchiveLength)]).ShouldBeNull();
    }

    [Fact]
    public void A_stamp_is_read_back_and_nothing_else_is_taken_for_one()
    {
        var stamp = new CardStamp(new string('a', 64), 123);

        CardStamp.Read(stamp.Write()).ShouldBe(stamp);
        CardStamp.Read(new byte[CardLayout.Block]).ShouldBeNull();
        CardStamp.Read("""{"format":"provisioner-card-1","image":"""u8).ShouldBeNull();
    }

    [Fact]
    public void A_summary_tells_whose_card_it_is_and_no_secret()
    {
        var summary = CardSummary.Of(new CardContents(CardImages.FirstBlock(), CardArchive.Write(Identities.Lamp), new CardStamp(new string('a', 64), 1)));

        summary.ShouldSatisfyAllConditions(
            () => summary.Condition.ShouldBe("bootable"),
            () => summary.Hostname.ShouldBe("lamp"),
            () => summary.HostId.ShouldBe("0a0b0c0d"),
            () => summary.Fingerprint.ShouldBe(Identities.Key.Fingerprint),
            () => summary.AuthorizedKeys.ShouldHaveSingleItem().ShouldMatch("^ssh-ed25519 SHA256:[A-Za-z0-9+/]{43} me@home$"),
            () => summary.Networks.ShouldBe(["\"Home WiFi\" (wpa-psk, priority -100)"]),
            () => summary.Problems.ShouldBeEmpty());
        var everything = string.Join('\n', [summary.ToString(), .. summary.Files, .. summary.Networks, .. summary.AuthorizedKeys]);
        foreach (var secret in Identities.Secrets)
        {
            everything.ShouldNotContain(secret);
        }
    }

    [Theory]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6+7c1Y8nZ3x1mT4mF0c0o5kq4v2B7iR9dGm1uQe2aP me@home", true)]
    [InlineData("from=\"192.168.0.0/16\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6+7c1Y8nZ3x1mT4mF0c0o5kq4v2B7iR9dGm1uQe2aP", true)]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----", false)]
    [InlineData("ssh-ed25519", false)]
    [InlineData("ssh-ed25519 notbase64!", false)]
    [InlineData("", false)]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6+7c1Y8nZ3x1mT4mF0c0o5kq4v2B7iR9dGm1uQe2aP\nssh-ed25519 AAAA", false)]
    public void An_authorized_key_is_one_public_key(string line, bool good) => (AuthorizedKey.Problem(line) is null).ShouldBe(good);
}
