using System.Text;
using CliWrap.Buffered;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Systems;
using Provisioner.Provider.Tests.Resources;

namespace Provisioner.Provider.Tests.Systems;

/// <summary>The trial's real scripts under a real sh, with doubles of nix-env, vcmailbox and two systems; the real ones are met on the virtual Pi.</summary>
public sealed class TrialTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    public TrialTests()
    {
        System("old", "a");
        System("new", "b");
        _root.Write("/nix/var/nix/profiles/.keep", "");
        Link("/nix/var/nix/profiles/system-3-link", _root.At("/store/old"));
        Link("/nix/var/nix/profiles/system", "system-3-link");
        Link("/run/booted-system", _root.At("/store/old"));
        _root.Write(SwitchScripts.Folder + "/old", _root.At("/store/old") + "\n");
        _root.Write("/boot/config.txt", "arm_64bit=1\nkernel=u-boot-rpi-arm64.bin\n");
        _root.Write("/boot/extlinux/extlinux.conf", "DEFAULT old\n");
        _root.Write("/boot_id", "first\n");
        _root.Program("/bin/vcmailbox", $"echo \"$*\" >>\"{_root.At("/mailbox")}\"");
        _root.Program("/bin/restart", $"echo restart >>\"{_root.At("/mailbox")}\"");

        // The three that the scripts use, on links as Nix makes them.
        _root.Program(
            "/bin/nix-env",
            """
            p=$2
            case $3 in
            --set) ln -sfn "$4" "${p%/*}/system-4-link"; ln -sfn system-4-link "$p" ;;
            --switch-generation) ln -sfn "system-$4-link" "$p" ;;
            --delete-generations) rm "${p%/*}/system-$4-link" ;;
            esac
            """);
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Another_kernel_is_named_in_tryboot_txt_and_started_once_while_the_boot_files_lead_to_the_system_before()
    {
        var begun = await BeginAsync();

        begun.ExitCode.ShouldBe(0, begun.StandardError);
        Default.ShouldBe("old");
        Profile.ShouldBe("new");
        Mailbox.ShouldBe(["0x00030064 4 4 0", "0x00038064 4 4 1", "restart"]);
        File.ReadAllLines(_root.At("/boot/tryboot.txt")).ShouldBe(
        [
            "arm_64bit=1", "[all]", "kernel=nixos/new-kernel", "initramfs nixos/new-initrd followkernel", "cmdline=tryboot-words.txt", "kernel_watchdog_timeout=120",
            "device_tree=nixos/new-dtbs/broadcom/bcm2711-rpi-4-b.dtb",
        ]);
        var words = File.ReadAllText(_root.At("/boot/tryboot-words.txt"));
        words.ShouldStartWith($"init={_root.At("/store/new")}/init quiet panic=10 boot.panic_on_fail ");
        words.Length.ShouldBeLessThan(1024, "a kernel takes 2048");
        Encoding.UTF8.GetString(Convert.FromBase64String(words.Split(':')[^1].Trim())).ShouldContain($"sleep 300; [ ! -e {TrialScripts.Folder}/on ] || systemctl reboot --force");
    }

    [Fact]
    public async Task The_kernel_that_runs_already_is_not_tried()
    {
        System("new", "a");

        (await BeginAsync()).StandardError.ShouldContain("the kernel that runs is the new one");

        Mailbox.ShouldBeEmpty();
        (await RunAsync(TrialScripts.Judge)).ExitCode.ShouldBe(0, "there is nothing to judge");
    }

    [Theory]
    [InlineData("/bin/vcmailbox")]
    [InlineData("/boot/config.txt")]
    [InlineData("/boot/extlinux/extlinux.conf")]
    public async Task A_board_that_cannot_try_says_so_and_nothing_is_begun(string lack)
    {
        File.Delete(_root.At(lack));

        var begun = await BeginAsync();

        begun.ExitCode.ShouldBe(0);
        begun.StandardOutput.ShouldStartWith("note: there is another kernel, and this device cannot start it on trial");
        Profile.ShouldBe("old");
    }

    [Fact]
    public async Task A_system_that_came_up_with_its_kernel_is_good()
    {
        await BeginAsync();
        _root.Write("/boot_id", "second\n");
        Link("/run/booted-system", _root.At("/store/new"));

        (await RunAsync(TrialScripts.Judge)).ExitCode.ShouldBe(0);

        Profile.ShouldBe("new");
        File.Exists(_root.At("/boot/tryboot.txt")).ShouldBeFalse();
        File.Exists(_root.At(TrialScripts.Folder + "/on")).ShouldBeFalse("the new system's own watch ends");
    }

    [Fact]
    public async Task A_kernel_that_did_not_come_up_is_told_and_profile_and_boot_files_are_as_before()
    {
        await BeginAsync();
        _root.Write("/boot_id", "second\n");

        for (var time = 1; time <= 2; time++)
        {
            var judged = await RunAsync(TrialScripts.Judge);
            judged.ExitCode.ShouldBe(SwitchScripts.WentBack, "a lost answer is asked for again");
            judged.StandardError.ShouldContain($"went back by a restart: {_root.At("/store/new")} was started once");
        }

        Profile.ShouldBe("old");
        Default.ShouldBe("old");
        File.Exists(_root.At("/nix/var/nix/profiles/system-4-link")).ShouldBeFalse();
    }

    private string Default => File.ReadAllText(_root.At("/default")).Trim();

    private string Profile => Path.GetFileName(new FileInfo(_root.At("/nix/var/nix/profiles/system")).ResolveLinkTarget(returnFinalTarget: true)!.FullName);

    private string[] Mailbox => File.Exists(_root.At("/mailbox")) ? [.. File.ReadAllLines(_root.At("/mailbox"))] : [];

    private Task<BufferedCommandResult> BeginAsync() => RunAsync(TrialScripts.Begin(Shell.Of($"{_root.At("/store/new")}"), TimeSpan.FromMinutes(5), Shell.Of($"restart")));

    /// <summary>A system whose boot files have an entry for each of the two.</summary>
    private void System(string name, string kernel)
    {
        _root.Write($"/kernels/{kernel}", kernel);
        _root.Write("/kernels/initrd", "initrd");
        _root.Write("/boot/nixos/new-dtbs/broadcom/bcm2711-rpi-4-b.dtb", "tree");
        Link($"/store/{name}/kernel", _root.At($"/kernels/{kernel}"));
        Link($"/store/{name}/initrd", _root.At("/kernels/initrd"));
        _root.Write($"/store/{name}/kernel-params", "quiet");
        _root.Program(
            $"/store/{name}/bin/switch-to-configuration",
            $$"""
            echo {{name}} >"{{_root.At("/default")}}"
            mkdir -p "{{_root.At("/boot/extlinux")}}"
            for s in {{name}} old new; do
            printf '\nLABEL %s\n  LINUX ../nixos/%s-kernel\n  INITRD ../nixos/%s-initrd\n  FDTDIR ../nixos/%s-dtbs\n  APPEND init={{_root.At("/store/")}}%s/init quiet\n' "$s" "$s" "$s" "$s" "$s"
            done >"{{_root.At("/boot/extlinux/extlinux.conf")}}"
            """);
    }

    private void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root.At(path))!);
        File.Delete(_root.At(path));
        File.CreateSymbolicLink(_root.At(path), target);
    }

    /// <summary>The same script with its folders below ours.</summary>
    private Task<BufferedCommandResult> RunAsync(Shell script) => Sh.RunSourceAsync(
        script.Source
            .Replace($"t={TrialScripts.Folder}", $"t={_root.At(TrialScripts.Folder)}", StringComparison.Ordinal)
            .Replace(SwitchScripts.Folder, _root.At(SwitchScripts.Folder), StringComparison.Ordinal)
            .Replace("b=/boot", $"b={_root.At("/boot")}", StringComparison.Ordinal)
            .Replace("/proc/sys/kernel/random/boot_id", _root.At("/boot_id"), StringComparison.Ordinal)
            .Replace("/run/booted-system", _root.At("/run/booted-system"), StringComparison.Ordinal)
            .Replace("/nix/var", _root.At("/nix/var"), StringComparison.Ordinal),
        null,
        $"{_root.At("/bin")}:/usr/sbin:/usr/bin:/sbin:/bin");
}
