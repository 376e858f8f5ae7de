using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Refusals;

[Collection(DeviceCollection.Name)]
public sealed class StrangerTests(FrozenPiFixture fixture)
{
    private const string Key = "/etc/ssh/ssh_host_ed25519_key";

    private const string Exchange =
        $"cp -p {Key} /root/kept && cp -p {Key}.pub /root/kept.pub && rm {Key} {Key}.pub && ssh-keygen -q -t ed25519 -N '' -f {Key} && systemctl restart ssh && ssh-keygen -lf {Key}.pub";

    private const string ChangeBack = $"mv /root/kept {Key} && mv /root/kept.pub {Key}.pub && systemctl restart ssh";

    // sshd tells of a user as soon as one asks to be let in. What comes over the WiFi comes from the router's network.
    private const string LoginsOverWifi = "journalctl -q -u ssh -o cat | grep -E 'Accepted|Failed|authenticating user|Invalid user' | grep -cF ' 10.0.3.' || :";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Pi_that_shows_another_host_key_is_refused_with_both_fingerprints_before_any_attempt_to_log_in()
    {
        await using var lamp = await Lamp.NewAsync(fixture.Frozen);
        (await lamp.Project.UpAsync()).Ended(0);
        var expected = lamp.Pi.Status().HostKeyFingerprint!;
        var presented = (await AskWhoeverItIsAsync(lamp.Pi, Exchange)).Split(' ')[1];
        var before = await AskWhoeverItIsAsync(lamp.Pi, LoginsOverWifi);

        (await lamp.Project.PreviewAsync()).Ended(1).Said("error", expected, presented);
        (await lamp.Project.UpAsync()).Ended(1).Said("error", expected, presented);

        (await AskWhoeverItIsAsync(lamp.Pi, LoginsOverWifi)).ShouldBe(before);
        await AskWhoeverItIsAsync(lamp.Pi, ChangeBack);
        (await lamp.Project.PreviewAsync()).Ended(0);
        (await AskWhoeverItIsAsync(lamp.Pi, LoginsOverWifi)).ShouldNotBe(before, "sshd's log does not show a login that there was, so it shows nothing");
    }

    /// <summary>Past the WiFi, whatever the host key is.</summary>
    private static async Task<string> AskWhoeverItIsAsync(PiMachine pi, string command)
    {
        var login = pi.Ssh(PiPath.Service);
        var result = await Cli.Wrap("ssh")
            .WithArguments(
            [
                "-F", "/dev/null", "-i", login.KeyFile, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no",
                "-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
                "-p", login.Port.ToString(CultureInfo.InvariantCulture), $"{login.User}@{login.Host}", command,
            ])
            .ExecuteBufferedAsync(Cancellation);
        return result.StandardOutput.Trim();
    }
}
