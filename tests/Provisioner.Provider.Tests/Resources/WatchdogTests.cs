using System.Text;
using CliWrap.Buffered;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.WifiProfile;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>
/// The watchdog's real scripts under a real sh, in a folder of their own. NetworkManager is a stand-in of a few lines that
/// notes what it was asked and refuses the connections it is told to refuse; the real one is met on the virtual Pi.
/// </summary>
public sealed class WatchdogTests : IDisposable
{
    private const string Profile = WifiFacts.Etc + "Lamp Home.nmconnection";
    private const string Old = "[connection]\nid=Lamp Home\nuuid=11111111-0000-4000-8000-000000000000\ntype=wifi\nautoconnect-priority=100\n[wifi-security]\npsk=the old key\n";
    private const string New = "[connection]\nid=Lamp Home\n[wifi-security]\npsk=the new key\n";

    private static readonly Guid Ours = new("11111111-0000-4000-8000-000000000000");

    private readonly TemporaryRoot _root = new();

    public WatchdogTests()
    {
        _root.Write(Profile, Old);
        _root.Write("/active", $"{WifiFacts.Bootstrap}:802-11-wireless:wlan0\n0e000000-0000-4000-8000-000000000000:802-3-ethernet:eth0\n");
        _root.Write(
            "/bin/nmcli",
            Encoding.UTF8.GetBytes(
                $$"""
                #!/bin/sh
                fails() { echo "Error: Connection activation failed: $1" >&2; exit 4; }
                echo "$*" >>"{{_root.Path}}/asked"
                case "$*" in
                *'-f UUID connection show --active') cut -d : -f 1 "{{_root.Path}}/active" ;;
                *'show --active') cat "{{_root.Path}}/active" ;;
                *'connection up uuid '*)
                for u; do case $u in *-*-*-*-*) break ;; esac; done
                if grep -qsx "$u" "{{_root.Path}}/slow"; then
                rm "{{_root.Path}}/slow"; cut -d ' ' -f 6 /proc/$$/stat >"{{_root.Path}}/runner"
                while [ ! -e "{{_root.Path}}/interrupted" ]; do sleep 0.1; done
                fi
                if rm "{{_root.Path}}/interrupted" 2>/dev/null; then fails 'The base network connection was interrupted'; fi
                if rm "{{_root.Path}}/lost" 2>/dev/null || grep -qsx "$u" "{{_root.Path}}/refused"; then fails 'Secrets were required, but not provided'; fi
                grep -v ":802-11-wireless:wlan0$" "{{_root.Path}}/active" >"{{_root.Path}}/rest"
                { echo "$u:802-11-wireless:wlan0"; cat "{{_root.Path}}/rest"; } >"{{_root.Path}}/active" ;;
                esac

                """),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _root.Write(
            "/bin/journalctl",
            Encoding.UTF8.GetBytes($"#!/bin/sh\ncat '{_root.Path}/journal' 2>/dev/null\n"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private int Attempts => Read("/asked").Split('\n').Count(asked => asked.Contains($"connection up uuid {Ours}", StringComparison.Ordinal));

    // A deadline that is still running finds its folder gone, and ends.
    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task A_change_that_is_confirmed_stays_and_leaves_no_password_behind()
    {
        await ArmAsync(60);
        await ChangeAsync();
        (await RunAsync(WatchdogScripts.Wait(30))).ExitCode.ShouldBe(0);
        (await RunAsync(WatchdogScripts.Confirm(Ours))).ExitCode.ShouldBe(0);
        Read(Profile).ShouldBe(New);
        Active.ShouldStartWith(Ours.ToString());
        Leftovers().ShouldBeEmpty();
        (await RunAsync(WatchdogScripts.Confirm(Ours))).ExitCode.ShouldBe(0, "a lost answer is asked for again");
    }

    [Fact]
    public async Task A_connection_that_fails_is_undone_at_once_with_the_reason()
    {
        _root.Write("/refused", $"{Ours}\n");
        await ArmAsync(600);
        await ChangeAsync();
        (await RunAsync(WatchdogScripts.Wait(30))).ExitCode.ShouldBe(0);
        var confirm = await RunAsync(WatchdogScripts.Confirm(Ours));
        confirm.ExitCode.ShouldBe(Watchdog.WentBack);
        confirm.StandardError.ShouldContain("went back: Error: Connection activation failed: Secrets were required, but not provided");
        Read(Profile).ShouldBe(Old);
        Active.ShouldStartWith(WifiFacts.Bootstrap.ToString());
        Leftovers().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/interrupted")]
    [InlineData("/lost")]
    public async Task A_connection_that_fails_once_without_a_word_of_the_password_is_tried_again(string failure)
    {
        // NetworkManager asks for secrets after every 4-way handshake that failed, also where a frame was lost.
        _root.Write(failure, string.Empty);
        await ArmAsync(600);
        await ChangeAsync();
        (await RunAsync(WatchdogScripts.Wait(30))).ExitCode.ShouldBe(0);
        (await RunAsync(WatchdogScripts.Confirm(Ours))).ExitCode.ShouldBe(0);
        Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task A_password_that_the_supplicant_calls_wrong_is_not_tried_again()
    {
        _root.Write("/refused", $"{Ours}\n");
        _root.Write("/journal", "wlan0: CTRL-EVENT-SSID-TEMP-DISABLED id=0 ssid=\"Lamp Home\" auth_failures=1 duration=10 reason=WRONG_KEY\n");
        await ArmAsync(600);
        await ChangeAsync();
        (await RunAsync(WatchdogScripts.Wait(30))).ExitCode.ShouldBe(0);
        (await RunAsync(WatchdogScripts.Confirm(Ours))).StandardError.ShouldContain("the password may be wrong; Error: Connection activation failed");
        Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task A_change_that_was_undone_while_it_was_still_connecting_leaves_the_next_one_alone()
    {
        _root.Write("/slow", $"{Ours}\n");
        await ArmAsync(600);
        await ChangeAsync();
        var session = _root.At("/runner");
        await Tool.UntilAsync(() => File.Exists(session) && File.ReadAllText(session).EndsWith('\n'), "the device is connecting");
        var runner = Read("/runner").Trim();
        (await RunAsync(WatchdogScripts.Settle)).ExitCode.ShouldBe(0);

        await ArmAsync(600);
        _root.Write("/interrupted", string.Empty);
        await Tool.UntilAsync(() => !Directory.Exists($"/proc/{runner}"), "the runner of the undone change has ended");
        File.Exists(_root.At(Watchdog.Folder + "/armed")).ShouldBeTrue();
        File.Exists(_root.At(Watchdog.Folder + "/outcome")).ShouldBeFalse();
        await ChangeAsync();
        await RunAsync(WatchdogScripts.Wait(30));
        (await RunAsync(WatchdogScripts.Confirm(Ours))).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Who_comes_back_while_the_device_goes_back_waits_for_the_end_of_it()
    {
        _root.Write("/slow", $"{WifiFacts.Bootstrap}\n");
        await ArmAsync(1);
        await ChangeAsync();
        await Tool.UntilAsync(() => File.Exists(_root.At("/runner")), "the device is connecting as before");
        var confirming = RunAsync(WatchdogScripts.Confirm(Ours));
        _root.Write("/interrupted", string.Empty);
        var confirm = await confirming;
        confirm.ExitCode.ShouldBe(Watchdog.WentBack, confirm.StandardError);
        confirm.StandardError.ShouldBe("went back: we did not come back in time\n");
    }

    [Fact]
    public async Task A_change_that_nobody_confirms_is_undone_at_the_deadline()
    {
        await ArmAsync(1);
        await ChangeAsync();
        (await RunAsync(WaitForOutcome)).ExitCode.ShouldBe(0);
        var confirm = await RunAsync(WatchdogScripts.Confirm(Ours));
        confirm.ExitCode.ShouldBe(Watchdog.WentBack);
        confirm.StandardError.ShouldBe("went back: we did not come back in time\n");
        UndoneChange.Read(Read(Watchdog.Folder + "/outcome").Trim()).ShouldNotBeNull().ShouldSatisfyAllConditions(
            undone => undone.Profile.ShouldBe("Lamp Home"),
            undone => undone.Why.ShouldBe("we did not come back in time"));
        Read(Profile).ShouldBe(Old);
        Active.ShouldStartWith(WifiFacts.Bootstrap.ToString());
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_network_of_the_device_s_own_that_is_still_up_is_not_taken_for_the_connection_there_was()
    {
        var hotspot = Guid.Parse("0a900000-0000-4000-8000-000000000001");
        _root.Write("/active", $"{hotspot}:802-11-wireless:uap0\n{WifiFacts.Bootstrap}:802-11-wireless:wlan0\n");
        _root.Write("/refused", $"{Ours}\n");
        await RunAsync(WatchdogScripts.Arm(Change(600) with { Interface = "wlan0" }).Text);
        _root.Write("/active", $"{hotspot}:802-11-wireless:uap0\n");
        await ChangeAsync();
        await RunAsync(WatchdogScripts.Wait(30));
        Active.ShouldContain($"{WifiFacts.Bootstrap}:802-11-wireless:wlan0");
        Active.ShouldContain($"{hotspot}:802-11-wireless:uap0");
        var asked = Read("/asked");
        asked.ShouldContain($"connection up uuid {Ours} ifname wlan0");
        asked.ShouldContain($"connection up uuid {WifiFacts.Bootstrap} ifname wlan0");
        asked.ShouldNotContain($"connection up uuid {hotspot}");
    }

    [Fact]
    public async Task A_new_profile_that_fails_is_gone_again()
    {
        File.Delete(_root.At(Profile));
        _root.Write("/refused", $"{Ours}\n");
        await ArmAsync(600);
        await ChangeAsync();
        await RunAsync(WatchdogScripts.Wait(30));
        File.Exists(_root.At(Profile)).ShouldBeFalse();
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_power_cut_in_between_leaves_a_second_copy_of_the_old_profile_to_fall_back_on()
    {
        await ArmAsync(600);
        var fallback = Read(WifiFacts.Etc + Watchdog.FallbackFile);
        fallback.ShouldContain("psk=the old key\n");
        fallback.ShouldContain("autoconnect-priority=-900\n");
        fallback.ShouldNotContain(Ours.ToString());
        fallback.ShouldNotContain("autoconnect-priority=100");
        (File.GetUnixFileMode(_root.At(WifiFacts.Etc + Watchdog.FallbackFile)) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)).ShouldBe(UnixFileMode.None);
    }

    [Fact]
    public async Task What_a_power_cut_left_is_undone_when_it_is_found()
    {
        await ArmAsync(600);
        await ChangeAsync();
        await RunAsync(WatchdogScripts.Wait(30));
        _root.Write(Watchdog.Folder + "/boot", "another boot\n");
        (await RunAsync(WatchdogScripts.Confirm(Ours))).ExitCode.ShouldBe(22);
        (await RunAsync(WatchdogScripts.Settle)).ExitCode.ShouldBe(0);
        Read(Profile).ShouldBe(Old);
        Leftovers().ShouldBeEmpty();
        (await RunAsync(WatchdogScripts.Settle)).ExitCode.ShouldBe(0, "nothing is left to undo");
    }

    [Fact]
    public async Task A_second_change_has_to_wait_for_the_first()
    {
        await ArmAsync(600);
        var second = await RunAsync(WatchdogScripts.Arm(Change(600)).Text);
        second.ExitCode.ShouldBe(23);
        second.StandardError.ShouldContain("profile Lamp Home");
    }

    [Fact]
    public async Task A_late_deadline_of_an_earlier_change_does_nothing()
    {
        await ArmAsync(600);
        var earlier = Read(Watchdog.Folder + "/id").Trim();
        await ChangeAsync();
        await RunAsync(WatchdogScripts.Wait(30));
        await RunAsync(WatchdogScripts.Confirm(Ours));
        await ArmAsync(600);
        await RunAsync(Shell.Of($"/bin/sh {_root.At(Watchdog.Folder + "/run")} {earlier} {"too late"}"));
        File.Exists(_root.At(Watchdog.Folder + "/armed")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_hidden_volatile_profile_comes_back_when_the_change_is_undone()
    {
        var volatileFile = _root.Write("/run/NetworkManager/system-connections/Home.nmconnection", "theirs");
        _root.Write("/refused", $"{Ours}\n");
        await RunAsync(WatchdogScripts.Arm(Change(600) with { MoveAside = volatileFile }).Text);
        await ChangeAsync();
        await RunAsync(WatchdogScripts.Wait(30));
        File.ReadAllText(volatileFile).ShouldBe("theirs");
    }

    [Fact]
    public async Task Removing_connects_through_the_other_profile_first()
    {
        await RunAsync(WatchdogScripts.Arm(Change(600) with { ConnectTo = WifiFacts.Bootstrap }).Text);
        (await RunAsync(WatchdogScripts.Change(null).Text)).ExitCode.ShouldBe(0);
        await RunAsync(WatchdogScripts.Wait(30));
        (await RunAsync(WatchdogScripts.Confirm(WifiFacts.Bootstrap))).ExitCode.ShouldBe(0);
        File.Exists(_root.At(Profile)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_profile_that_did_not_arrive_whole_changes_nothing()
    {
        await ArmAsync(600);
        var script = WatchdogScripts.Change(Payload.Plain(New));
        var cut = await Sh.RunSourceAsync("stdin_bytes=9999\n" + At(script.Text), Encoding.UTF8.GetBytes(New), Path);
        cut.ExitCode.ShouldBe(65);
        Read(Profile).ShouldBe(Old);
        File.Exists(_root.At(Watchdog.Folder + "/new")).ShouldBeFalse();
    }

    private static Shell WaitForOutcome { get; } = Shell.Of(
        $"""
        n=0
        while [ "$n" -lt 30 ] && [ ! -e {Watchdog.Folder + "/outcome"} ]; do sleep 1; n=$((n + 1)); done
        [ -e {Watchdog.Folder + "/outcome"} ]
        """);

    private string Active => Read("/active");

    private string Path => $"{_root.At("/bin")}:/usr/sbin:/usr/bin:/sbin:/bin";

    private WatchedChange Change(int seconds) => new("Lamp Home", _root.At(Profile), Ours, null, TimeSpan.FromSeconds(seconds));

    private async Task ArmAsync(int seconds)
    {
        var armed = await RunAsync(WatchdogScripts.Arm(Change(seconds)).Text);
        armed.ExitCode.ShouldBe(0, armed.StandardError);
    }

    private async Task ChangeAsync()
    {
        var changed = await Sh.RunSourceAsync(At(WatchdogScripts.Change(Payload.Secret(New, "the new key")).Text), Encoding.UTF8.GetBytes(New), Path);
        changed.ExitCode.ShouldBe(0, changed.StandardError);
    }

    private Task<BufferedCommandResult> RunAsync(Shell script) => Sh.RunSourceAsync(At(script), null, Path);

    /// <summary>The same script with its folder below ours, and where systemd does not run.</summary>
    private string At(Shell script) => script.Source
        .Replace(Watchdog.Folder, _root.At(Watchdog.Folder), StringComparison.Ordinal)
        .Replace("/run/systemd/system", _root.At("/no-systemd"), StringComparison.Ordinal);

    private string Read(string path) => File.ReadAllText(_root.At(path));

    /// <summary>Files that hold a password, in the folders that are in the watchdog's hands.</summary>
    private string[] Leftovers() =>
    [
        .. Directory.EnumerateFiles(_root.At("/etc"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(_root.At("/var"), "*", SearchOption.AllDirectories))
            .Where(file => file != _root.At(Profile) && File.ReadAllText(file).Contains("key\n", StringComparison.Ordinal)),
    ];
}
