using CliWrap.Buffered;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Systems;
using Provisioner.Provider.Tests.Resources;

namespace Provisioner.Provider.Tests.Systems;

/// <summary>
/// The watchdog's real scripts under a real sh, in a folder of their own. The systems are doubles of a few lines: what
/// switch-to-configuration does to /run/current-system, and the faults it can have. The real thing is met on the virtual Pi.
/// </summary>
public sealed class SwitchTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    public SwitchTests()
    {
        System("old", "");
        System("new", "");
        Directory.CreateDirectory(_root.At("/run"));
        File.CreateSymbolicLink(_root.At("/run/current-system"), _root.At("/store/old"));

        // What keeps the device within reach is a file for each service that runs.
        Tool("systemctl", $"case $1 in is-active) [ -e \"{_root.At("/active/")}$3\" ] ;; list-units) cat \"{_root.At("/units")}\" ;; *) echo \"$*\" >>\"{_root.At("/asked")}\" ;; esac");
        Tool("reboot", $"echo reboot >>\"{_root.At("/asked")}\"");
        _root.Write("/units", Units);
        _root.Write("/active/sshd.service", "");
        _root.Write("/active/NetworkManager.service", "");
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task A_switch_that_is_confirmed_stays()
    {
        await SwitchAsync(60);

        (await RunAsync(SwitchScripts.Confirm)).ExitCode.ShouldBe(0);

        Current.ShouldBe(_root.At("/store/new"));
        Calls.ShouldBe(["new test"], "the boot files stay as they are until the switch is confirmed");
        (await RunAsync(SwitchScripts.Confirm)).ExitCode.ShouldBe(0, "a lost answer is asked for again");
    }

    [Fact]
    public async Task An_activation_that_fails_is_undone_at_once_with_its_own_words()
    {
        System("new", "echo 'cannot start lamp.service' >&2; exit 4");
        await SwitchAsync(600);

        var confirm = await RunAsync(SwitchScripts.Confirm);

        confirm.ExitCode.ShouldBe(SwitchScripts.WentBack);
        confirm.StandardError.ShouldContain("went back: switch-to-configuration ended with exit code 4");
        confirm.StandardError.ShouldContain("cannot start lamp.service");
        Current.ShouldBe(_root.At("/store/old"));
    }

    [Fact]
    public async Task Units_that_failed_before_and_fail_still_are_named_and_no_reason_to_go_back()
    {
        _root.Write("/units", $"{Units}NetworkManager-wait-online.service loaded failed failed Network Manager Wait Online\n● backup.service loaded activating auto-restart Backup\n");
        System("new", "", after: "exit 4");
        await SwitchAsync(60);

        var confirm = await RunAsync(SwitchScripts.Confirm);

        confirm.ExitCode.ShouldBe(0, confirm.StandardError);
        confirm.StandardOutput.Trim().ShouldBe("note: units that failed before the switch fail still: NetworkManager-wait-online.service backup.service");
        Current.ShouldBe(_root.At("/store/new"));
    }

    [Fact]
    public async Task A_unit_that_fails_only_since_the_switch_is_named_and_undoes_it()
    {
        _root.Write("/units", $"{Units}old-trouble.service loaded failed failed Old\n");
        System("new", $"echo 'lamp.service loaded failed failed Lamp' >>\"{_root.At("/units")}\"", after: "exit 4");
        await SwitchAsync(600);

        var confirm = await RunAsync(SwitchScripts.Confirm);

        confirm.ExitCode.ShouldBe(SwitchScripts.WentBack);
        confirm.StandardError.ShouldContain("units failed that did not fail before (exit code 4): lamp.service");
        confirm.StandardError.ShouldNotContain("old-trouble");
        Current.ShouldBe(_root.At("/store/old"));
    }

    [Fact]
    public async Task Going_back_with_failing_units_is_no_reason_to_restart_while_everything_is_within_reach()
    {
        System("new", "exit 2");
        System("old", "", after: "exit 4");
        await SwitchAsync(600);

        (await RunAsync(SwitchScripts.Confirm)).ExitCode.ShouldBe(SwitchScripts.WentBack);

        Current.ShouldBe(_root.At("/store/old"));
        Asked.ShouldNotContain("reboot");
    }

    [Fact]
    public async Task An_activation_that_hangs_is_ended_and_undone_at_the_deadline()
    {
        System("new", $"echo $$ >\"{_root.At("/hanging")}\"; while :; do sleep 1; done");
        await ArmAsync(3);
        (await RunAsync(SwitchScripts.Change.Text)).ExitCode.ShouldBe(0);
        (await RunAsync(SwitchScripts.Wait(40))).ExitCode.ShouldBe(0);

        var confirm = await RunAsync(SwitchScripts.Confirm);

        confirm.ExitCode.ShouldBe(SwitchScripts.WentBack);
        confirm.StandardError.ShouldContain("we did not come back in time");
        Current.ShouldBe(_root.At("/store/old"));
        Runs(File.ReadAllText(_root.At("/hanging")).Trim()).ShouldBeFalse("what hung would hold the lock");
    }

    [Fact]
    public async Task A_system_without_sshd_is_not_confirmed_although_it_runs()
    {
        // The test is still there to ask, as a connection that outlives its sshd would be.
        await SwitchAsync(8);
        File.Delete(_root.At("/active/sshd.service"));
        _root.Write("/store/old/revives", "");
        (await RunAsync(Outcome)).ExitCode.ShouldBe(0);

        var confirm = await RunAsync(SwitchScripts.Confirm);

        confirm.ExitCode.ShouldBe(SwitchScripts.WentBack);
        Current.ShouldBe(_root.At("/store/old"));
        Asked.ShouldNotContain("reboot");
    }

    [Fact]
    public async Task Going_back_that_does_not_help_ends_in_a_restart_into_the_system_that_worked()
    {
        await SwitchAsync(8);
        System("old", "exit 2");
        (await RunAsync(Outcome)).ExitCode.ShouldBe(0);

        (await RunAsync(SwitchScripts.Confirm)).StandardError.ShouldContain("went back by a restart: we did not come back in time");
        await Remote.Tool.UntilAsync(() => Asked.Contains("reboot", StringComparison.Ordinal), "it is restarted");
    }

    [Fact]
    public async Task A_restart_in_between_counts_as_having_gone_back()
    {
        await SwitchAsync(600);
        _root.Write(SwitchScripts.Folder + "/boot", "another boot\n");

        var confirm = await RunAsync(SwitchScripts.Confirm);

        confirm.ExitCode.ShouldBe(SwitchScripts.WentBack);
        confirm.StandardError.ShouldContain("restarted before the switch was confirmed");
        (await RunAsync(SwitchScripts.Arm(NewSystem, TimeSpan.FromMinutes(10)).Text)).ExitCode.ShouldBe(0, "a new switch may begin");
    }

    [Fact]
    public async Task A_second_switch_has_to_wait_for_the_first()
    {
        await ArmAsync(600);

        var second = await RunAsync(SwitchScripts.Arm(NewSystem, TimeSpan.FromMinutes(10)).Text);

        second.ExitCode.ShouldBe(23);
        second.StandardError.ShouldContain("/store/new");
    }

    [Fact]
    public async Task A_switch_that_nobody_will_confirm_is_settled_by_going_back()
    {
        await SwitchAsync(600);

        (await RunAsync(SwitchScripts.Settle)).ExitCode.ShouldBe(0);

        Current.ShouldBe(_root.At("/store/old"));
        (await RunAsync(SwitchScripts.Settle)).ExitCode.ShouldBe(0, "nothing is left to undo");
    }

    [Fact]
    public async Task Nothing_is_armed_for_a_system_that_is_not_there()
    {
        var arm = await RunAsync(SwitchScripts.Arm(Shell.Of($"{_root.At("/store/none")}"), TimeSpan.FromMinutes(10)).Text);

        arm.ExitCode.ShouldBe(66);
        File.Exists(_root.At(SwitchScripts.Folder + "/armed")).ShouldBeFalse();
    }

    private static Shell Outcome { get; } = Shell.Of(
        $"""
        n=0
        while [ "$n" -lt 90 ] && [ ! -e {SwitchScripts.Folder + "/outcome"} ]; do sleep 1; n=$((n + 1)); done
        [ -e {SwitchScripts.Folder + "/outcome"} ]
        """);

    /// <summary>A dead process that nobody has asked after yet still has its entry.</summary>
    private static bool Runs(string process) => File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

    private Shell NewSystem => Shell.Of($"{_root.At("/store/new")}");

    private string Current => new FileInfo(_root.At("/run/current-system")).LinkTarget!;

    private string[] Calls => File.Exists(_root.At("/calls")) ? File.ReadAllLines(_root.At("/calls")) : [];

    private string Asked => File.Exists(_root.At("/asked")) ? File.ReadAllText(_root.At("/asked")) : "";

    private string Path => $"{_root.At("/bin")}:/usr/sbin:/usr/bin:/sbin:/bin";

    private async Task ArmAsync(int seconds)
    {
        var armed = await RunAsync(SwitchScripts.Arm(NewSystem, TimeSpan.FromSeconds(seconds)).Text);
        armed.ExitCode.ShouldBe(0, armed.StandardError);
    }

    private async Task SwitchAsync(int seconds)
    {
        await ArmAsync(seconds);
        (await RunAsync(SwitchScripts.Change.Text)).ExitCode.ShouldBe(0);
        (await RunAsync(SwitchScripts.Wait(40))).ExitCode.ShouldBe(0);
    }

    private const string Units = "sshd.service loaded active running SSH Daemon\nboot.mount loaded active mounted /boot\n";

    private void System(string name, string fault, string after = "") => _root.Program(
        $"/store/{name}/bin/switch-to-configuration",
        $"""
        echo "{name} $1" >>"{_root.At("/calls")}"
        {fault}
        ln -sfn "{_root.At("/store/" + name)}" "{_root.At("/run/current-system")}"
        if [ -e "{_root.At($"/store/{name}/revives")}" ]; then : >"{_root.At("/active/sshd.service")}"; fi
        {after}
        """);

    private void Tool(string name, string text) => _root.Program($"/bin/{name}", text);

    /// <summary>The same script with its folders below ours, and where systemd does not run its jobs but knows its services.</summary>
    private Task<BufferedCommandResult> RunAsync(Shell script) => Sh.RunSourceAsync(
        script.Source
            .Replace(SwitchScripts.Folder, _root.At(SwitchScripts.Folder), StringComparison.Ordinal)
            .Replace("[ -d /run/systemd/system ]; }", "true; }", StringComparison.Ordinal)
            .Replace("if systemd; then systemctl reboot || systemctl reboot --force; else reboot; fi", "reboot", StringComparison.Ordinal)
            .Replace("if ! systemd; then echo $$ >change.pid; fi", "echo $$ >change.pid", StringComparison.Ordinal)
            .Replace("/run/systemd/system", _root.At("/no-systemd"), StringComparison.Ordinal)
            .Replace("/run/current-system", _root.At("/run/current-system"), StringComparison.Ordinal)
            .Replace("/nix/var", _root.At("/nix/var"), StringComparison.Ordinal),
        null,
        Path);
}
