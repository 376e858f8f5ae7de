using CliWrap.Buffered;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Zfs.Mounts;

namespace Provisioner.Provider.Tests.Resources.Zfs;

/// <summary>
/// The look and the guard under a real sh with real mounts, in a mount namespace of their own. zfs is a double: it mounts a tmpfs that is
/// called as the dataset is, and knows what is mounted from the kernel. Needs root.
/// </summary>
public sealed class MountGuardTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    public MountGuardTests()
    {
        Directory.CreateDirectory(_root.At("/home/me/.ssh"));
        Directory.CreateDirectory(_root.At("/srv/empty"));
        _root.Write("/home/me/.ssh/authorized_keys", "ssh-ed25519 AAAA me\n");
        _root.Program("/bin/getent", $"[ \"$1 $2\" = 'passwd me' ] && echo 'me:x:1000:1000::{_root.At("/home/me")}:/bin/sh'");
        _root.Program("/bin/sshd", $"printf 'hostkey {_root.At("/keys/host")}\\nauthorizedkeysfile .ssh/authorized_keys {_root.At("/keys")}/%u\\n'");
        _root.Write("/keys/me", "ssh-ed25519 AAAA me\n");
        _root.Write("/keys/host", "");
        _root.Program(
            "/bin/zfs",
            $$"""
            echo "$*" >>{{_root.At("/log")}}
            last() { for x; do :; done; echo "$x"; }
            case $1 in
            mount) mount -t tmpfs "$2" "$(cat {{_root.At("/place")}})" ;;
            unmount) umount "$(cat {{_root.At("/place")}})" ;;
            get) if grep -q "^$(last "$@") " /proc/self/mounts; then echo yes; else echo no; fi ;;
            esac
            """);
    }

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("/home", "the home of me, who logs in here")]
    [InlineData("/home/me", "the keys with which me logs in here")]
    [InlineData("/home/me/.ssh", "the keys with which me logs in here")]
    [InlineData("/keys", "the host key of sshd")]
    [InlineData("/", "the home of me, who logs in here")]
    public async Task What_lets_us_in_is_found_at_and_below_a_place(string place, string way) =>
        (await LookAsync(_root.At(place).TrimEnd('/'))).Ways.ShouldContain(words => words.StartsWith(way, StringComparison.Ordinal));

    [Theory]
    [InlineData("/etc")]
    [InlineData("/var")]
    [InlineData("/")]
    public async Task The_system_itself_is_in_the_way(string place) => (await LookAsync(place)).Ways.ShouldNotBeEmpty();

    [Fact]
    public async Task A_link_is_followed_and_so_is_one_on_the_way_to_the_keys()
    {
        File.CreateSymbolicLink(_root.At("/link"), _root.At("/home"));
        var seen = await LookAsync(_root.At("/link"));
        seen.Ways.ShouldNotBeEmpty();
        seen.Covers.ShouldHaveSingleItem().ShouldContain($"it leads to {_root.At("/home")}");

        // The keys of one whose file is a link into a store elsewhere.
        _root.Write("/store/keys", "ssh-ed25519 AAAA me\n");
        File.Delete(_root.At("/home/me/.ssh/authorized_keys"));
        File.CreateSymbolicLink(_root.At("/home/me/.ssh/authorized_keys"), _root.At("/store/keys"));
        (await LookAsync(_root.At("/store"))).Ways.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_lies_there_is_named_and_a_place_that_is_empty_or_missing_is_free()
    {
        _root.Write("/srv/full/.hidden", "");
        _root.Write("/srv/file", "");
        (await LookAsync(_root.At("/srv/full"))).Covers.ShouldBe([$"at {_root.At("/srv/full")}: .hidden"]);
        (await LookAsync(_root.At("/srv/file"))).Covers.ShouldBe([$"at {_root.At("/srv/file")}: a file that is no folder"]);
        (await LookAsync(_root.At("/srv/empty"))).Covers.ShouldBeEmpty();
        (await LookAsync(_root.At("/srv/missing/too"))).Covers.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_empty_file_system_that_is_mounted_there_is_something()
    {
        var look = PlaceLook.At([_root.At("/srv/empty")], "me");
        var result = await InNamespaceAsync(Shell.Lines(Shell.Of($"mount -t tmpfs other {_root.At("/srv/empty")}"), look));
        PlaceLook.Read(Mounting(_root.At("/srv/empty")), result.StandardOutput).Covers.ShouldBe([$"at {_root.At("/srv/empty")}: other (tmpfs) is mounted there"]);
    }

    [Fact]
    public async Task What_has_come_to_the_place_since_is_refused_in_the_last_moment()
    {
        var place = _root.At("/srv/empty");
        var seen = await LookAsync(place);
        _root.Write("/srv/empty/new", "");

        var result = await RunAsync(Recheck.That(PlaceLook.At([place], "me"), seen.Seen!));

        result.ExitCode.ShouldBe(Recheck.Refused);
        result.StandardError.ShouldContain("entry new");
    }

    [Fact]
    public async Task What_nobody_came_back_for_is_unmounted_again_and_put_back()
    {
        var (place, mounting) = Prepared();
        var result = await InNamespaceAsync(Shell.Lines(
            MountGuard.Arm(_root.At("/guard"), MountGuard.Undo(mounting, Shell.Of($"zfs set canmount=on lamp/home")), 1),
            Shell.Of(
                $$"""
                zfs mount lamp/home
                n=0
                while [ ! -e {{_root.At("/guard/undone")}} ] && [ "$n" -lt 300 ]; do sleep 0.2; n=$((n + 1)); done
                if grep -q '^lamp/home ' /proc/self/mounts; then echo still; else echo gone; fi
                """)));

        result.StandardOutput.ShouldContain("gone");
        (await File.ReadAllTextAsync(_root.At("/log"), TestContext.Current.CancellationToken)).ShouldEndWith("unmount -f lamp/home\nset canmount=on lamp/home\n");
        Directory.Exists(place).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_comes_back_has_it_kept_and_the_guard_does_nothing_any_more()
    {
        var (_, mounting) = Prepared();
        var result = await InNamespaceAsync(Shell.Lines(
            MountGuard.Arm(_root.At("/guard"), MountGuard.Undo(mounting, Shell.Empty), 2),
            Shell.Of($"zfs mount lamp/home"),
            MountGuard.Confirm(_root.At("/guard"), mounting, Shell.Of($"zfs set canmount=on lamp/home")),
            Shell.Of(
                $$"""
                n=0
                while pgrep -f {{_root.At("/guard/undo")}} >/dev/null && [ "$n" -lt 300 ]; do sleep 0.2; n=$((n + 1)); done
                grep -q '^lamp/home ' /proc/self/mounts && echo still
                """)));

        result.StandardOutput.ShouldContain("still");
        (await File.ReadAllTextAsync(_root.At("/log"), TestContext.Current.CancellationToken)).ShouldEndWith("set canmount=on lamp/home\n");
    }

    [Fact]
    public async Task Who_comes_back_too_late_is_told()
    {
        var (_, mounting) = Prepared();
        Directory.CreateDirectory(_root.At("/guard"));
        var result = await RunAsync(MountGuard.Confirm(_root.At("/guard"), mounting, Shell.Empty));
        result.ExitCode.ShouldBe(MountGuard.WentBack);
        result.StandardError.ShouldContain("we did not come back in time");
    }

    [Fact]
    public async Task A_dataset_that_holds_the_way_in_is_not_taken_away()
    {
        _root.Write("/place", _root.At("/home"));
        var result = await InNamespaceAsync(Shell.Lines(
            Shell.Of($"mkdir -p {_root.At("/aside")}; mount --bind {_root.At("/home")} {_root.At("/aside")}"),
            MountGuard.HoldsNoWayIn("lamp/other", "me")));
        result.ExitCode.ShouldBe(0, result.StandardError);
    }

    private (string Place, ZfsMounting Mounting) Prepared()
    {
        var place = _root.At("/srv/empty");
        _root.Write("/place", place);
        return (place, Mounting(place));
    }

    private static ZfsMounting Mounting(string place) => new() { Mounts = ZfsWorld.Map(("lamp/home", place)) };

    private async Task<ZfsMounting> LookAsync(string place)
    {
        var result = await RunAsync(PlaceLook.At([place], "me"));
        result.ExitCode.ShouldBe(0, result.StandardError);
        return PlaceLook.Read(Mounting(place), result.StandardOutput);
    }

    private Task<BufferedCommandResult> RunAsync(Shell script) => Sh.RunAsync(script, path: $"{_root.At("/bin")}:{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin");

    private Task<BufferedCommandResult> InNamespaceAsync(Shell script)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounts are root's");
        return RunAsync(Shell.Of($"exec unshare -m sh -euc {script.Source}"));
    }
}
