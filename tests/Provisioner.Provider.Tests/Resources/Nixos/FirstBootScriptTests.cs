using System.Text;
using CliWrap.Buffered;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.FirstBoot;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>The hand-over's real scripts under a real sh. mount, umount and zpool are doubles of a few lines; the real ones are met on the virtual Pi.</summary>
public sealed class FirstBootScriptTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task U_Boots_variables_go_whole_onto_the_card_and_those_of_somebody_else_stay()
    {
        _root.MountsFolders();
        _root.Write("/fat/config.txt", "");
        var ask = FirstBootScripts.AskUbootOnce(_root.At("/fat"));

        for (var time = 1; time <= 2; time++)
        {
            (await RunAsync(ask, UbootEnvironment.UsbOnce.ToArray())).ExitCode.ShouldBe(0);
            File.ReadAllBytes(_root.At("/fat/uboot.env")).ShouldBe(UbootEnvironment.UsbOnce.ToArray());
        }

        File.WriteAllText(_root.At("/fat/uboot.env"), "mine");
        var refused = await RunAsync(ask, UbootEnvironment.UsbOnce.ToArray());
        refused.ExitCode.ShouldBe(66);
        refused.StandardError.ShouldContain("a uboot.env of its own");
        File.ReadAllText(_root.At("/fat/uboot.env")).ShouldBe("mine");
    }

    [Fact]
    public async Task A_pool_is_exported_only_when_it_is_the_one_and_a_second_time_does_no_harm()
    {
        Program("zpool", $"case $1 in list) [ -e \"{_root.At("/imported")}\" ] && echo 42 ;; export) rm \"{_root.At("/imported")}\" ;; esac");
        _root.Write("/imported", "");

        var other = await RunAsync(FirstBootScripts.Export("zroot", "43"));
        other.ExitCode.ShouldBe(66);
        other.StandardError.ShouldContain("another pool");
        File.Exists(_root.At("/imported")).ShouldBeTrue();

        (await RunAsync(FirstBootScripts.Export("zroot", "42"))).ExitCode.ShouldBe(0);
        File.Exists(_root.At("/imported")).ShouldBeFalse();
        (await RunAsync(FirstBootScripts.Export("zroot", "42"))).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_pool_that_will_not_go_stops_the_hand_over()
    {
        Program("zpool", "case $1 in list) echo 42 ;; export) exit 0 ;; esac");

        (await RunAsync(FirstBootScripts.Export("zroot", "42"))).ExitCode.ShouldBe(75);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_is_restarted_once_also_when_its_answer_was_lost_and_it_is_asked_again(bool isThatBoot)
    {
        Program("systemd-run", $"echo \"$*\" >>\"{_root.At("/asked")}\"");
        Program("setsid", $"echo \"$*\" >>\"{_root.At("/asked")}\"");
        var boot = isThatBoot ? (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim() : "11111111-0000-4000-8000-000000000000";

        (await RunAsync(FirstBootScripts.RestartOnce(boot))).ExitCode.ShouldBe(0);

        var asked = _root.At("/asked");
        for (var tries = 0; isThatBoot && !File.Exists(asked) && tries < 100; tries++)
        {
            await Task.Delay(50);
        }

        File.Exists(asked).ShouldBe(isThatBoot);
    }

    [Fact]
    public async Task Another_boot_ends_the_wait_at_once() =>
        (await RunAsync(FirstBootScripts.ComeBack("11111111-0000-4000-8000-000000000000"))).ExitCode.ShouldBe(0);

    private Task<BufferedCommandResult> RunAsync(Shell script, byte[]? stdin = null) => Sh.RunSourceAsync(
        script.Source.Replace("/var/lib/provisioner", _root.At("/var/lib/provisioner"), StringComparison.Ordinal), stdin, $"{_root.At("/bin")}:/usr/sbin:/usr/bin:/sbin:/bin");

    private void Program(string name, string text) => _root.Program($"/bin/{name}", text);
}
