using System.Security.Cryptography;
using CliWrap;
using CliWrap.Buffered;
using Provisioner.Provider.Resources.HostIdentity;

namespace Provisioner.Provider.Tests.Resources;

public sealed class HostIdentityTests
{
    [Fact]
    public async Task OpenSSH_reads_the_private_key_and_agrees_on_public_key_and_fingerprint()
    {
        using var root = new TemporaryRoot();
        var key = HostKey.Generate(RandomNumberGenerator.Fill, "root@lamp");
        var file = root.Write("/key", key.PrivateKey);
        var publicLine = (await Cli.Wrap("ssh-keygen").WithArguments(["-y", "-f", file]).ExecuteBufferedAsync()).StandardOutput.Trim();
        string.Join(' ', publicLine.Split(' ').Take(2)).ShouldBe(string.Join(' ', key.PublicKey.Split(' ').Take(2)));
        (await Cli.Wrap("ssh-keygen").WithArguments(["-l", "-E", "sha256", "-f", file]).ExecuteBufferedAsync()).StandardOutput.ShouldContain(key.Fingerprint);
        key.PublicKey.ShouldEndWith(" root@lamp");
    }

    [Fact]
    public async Task A_key_that_OpenSSH_made_is_taken_as_it_is()
    {
        using var root = new TemporaryRoot();
        await Cli.Wrap("ssh-keygen").WithArguments(["-q", "-t", "ed25519", "-N", "", "-C", "mine", "-f", root.At("/key")]).ExecuteAsync();
        var text = await File.ReadAllTextAsync(root.At("/key"));
        var (key, reason) = HostKey.Parse(text, "root@lamp");
        reason.ShouldBeNull();
        key!.PrivateKey.ShouldBe(text);
        (await File.ReadAllTextAsync(root.At("/key.pub"))).ShouldStartWith(string.Join(' ', key.PublicKey.Split(' ').Take(2)));
    }

    [Theory]
    [InlineData("-t", "ed25519", "-N", "a passphrase")]
    [InlineData("-t", "ecdsa", "-N", "")]
    public async Task Another_kind_of_key_or_one_with_a_passphrase_is_refused_without_being_quoted(params string[] arguments)
    {
        using var root = new TemporaryRoot();
        await Cli.Wrap("ssh-keygen").WithArguments(["-q", .. arguments, "-f", root.At("/key")]).ExecuteAsync();
        var text = await File.ReadAllTextAsync(root.At("/key"));
        var (key, reason) = HostKey.Parse(text, "");
        key.ShouldBeNull();
        reason!.ShouldContain("ssh-keygen");
        reason!.ShouldNotContain(text.Split('\n')[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hunter2")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\n!!!!\n-----END OPENSSH PRIVATE KEY-----\n")]
    public void What_is_no_key_is_refused(string text) => HostKey.Parse(text, "").Reason.ShouldNotBeNull();

    [Fact]
    public void The_host_id_is_never_zero()
    {
        var calls = 0;
        HostId.Generate(bytes =>
        {
            bytes.Clear();
            bytes[3] = (byte)calls++;
        }).ShouldBe("00000001");
        calls.ShouldBe(2);
    }

    [Theory]
    [InlineData("lamp", true)]
    [InlineData("lamp-2", true)]
    [InlineData("2lamp", true)]
    [InlineData("", false)]
    [InlineData("Lamp", false)]
    [InlineData("lamp.local", false)]
    [InlineData("-lamp", false)]
    [InlineData("lamp-", false)]
    [InlineData("la mp", false)]
    [InlineData("lämp", false)]
    [InlineData("12", false)]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl", false)]
    public void A_host_name_is_one_label(string name, bool good) => (HostName.Problem(name) is null).ShouldBe(good);

    [Fact]
    public void Another_host_name_keeps_the_key()
    {
        var plan = HostIdentityPlan.Of(new HostIdentityArgs { Hostname = "two" }, State());
        plan.MakesKey.ShouldBeFalse();
        plan.Changes.ShouldHaveSingleItem().ToString().ShouldBe("hostname: one → two");
    }

    [Fact]
    public void The_same_inputs_change_nothing() => HostIdentityPlan.Of(new HostIdentityArgs { Hostname = "one" }, State()).Changes.ShouldBeEmpty();

    [Fact]
    public void A_rotation_says_what_it_means() =>
        HostIdentityPlan.Of(new HostIdentityArgs { Hostname = "one", Rotate = "2026" }, State()).ShouldSatisfyAllConditions(
            plan => plan.MakesKey.ShouldBeTrue(),
            plan => plan.Changes.ShouldHaveSingleItem().Because.ShouldNotBeNull());

    [Fact]
    public void A_host_id_that_is_given_is_taken_and_another_one_is_an_update_that_says_what_it_means()
    {
        var handler = new HostIdentityHandler(RandomNumberGenerator.Fill);
        var args = new HostIdentityArgs { Hostname = "one", HostId = "dc0bd73a" };

        handler.Expect(args, null).State.HostId.ShouldBe("dc0bd73a");
        handler.Expect(args, null).Unknown.ShouldNotContain(nameof(HostIdentityState.HostId));
        handler.Expect(args, State()).State.HostId.ShouldBe("dc0bd73a");
        var plan = HostIdentityPlan.Of(args, State());
        plan.MakesKey.ShouldBeFalse("the key is the machine's, and stays");
        plan.Changes.ShouldHaveSingleItem().ToString().ShouldStartWith("hostId: 0a0b0c0d → dc0bd73a (a pool remembers");
        HostIdentityPlan.Of(args, State() with { HostId = "dc0bd73a" }).Changes.ShouldBeEmpty();
        HostIdentityPlan.Of(args with { HostId = null }, State() with { HostId = "dc0bd73a" }).Changes.ShouldBeEmpty("it stays as it is");
    }

    [Theory]
    [InlineData("dc0bd73a", null)]
    [InlineData("00000000", "means that there is none")]
    [InlineData("DC0BD73A", "write 'dc0bd73a'")]
    [InlineData("0xdc0bd7", "eight hex digits")]
    [InlineData("dc0bd73", "eight hex digits")]
    [InlineData("", "eight hex digits")]
    public void A_host_id_is_eight_digits_in_lower_case(string id, string? problem)
    {
        if (problem is null)
        {
            HostId.Problem(id).ShouldBeNull();
        }
        else
        {
            HostId.Problem(id)!.ShouldContain(problem);
        }
    }

    private static HostIdentityState State()
    {
        var key = HostKey.Generate(RandomNumberGenerator.Fill, "root@one");
        return new HostIdentityState { Hostname = "one", PrivateKey = key.PrivateKey, PublicKey = key.PublicKey, Fingerprint = key.Fingerprint, HostId = "0a0b0c0d" };
    }
}
