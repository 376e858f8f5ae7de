using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>The steps of a switch under the watchdog, and of making it last.</summary>
internal static class Switch
{
    // How long the device may take for going back: the old system's activation, its services, and, if need be, a restart.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(8);

    /// <param name="system">A word of shell: the store path.</param>
    /// <param name="name">For people.</param>
    /// <param name="goBackAfter">How long the device waits for us.</param>
    public static IEnumerable<Step> Steps(Shell system, string name, TimeSpan goBackAfter)
    {
        var seconds = (long)goBackAfter.TotalSeconds;
        yield return new Step(
            $"arm a watchdog on the device: unless we come back within {seconds} s, it returns to the system that runs now, if need be by a restart",
            SwitchScripts.Arm(system, goBackAfter));
        yield return new Step($"switch to {name}, detached; the boot files stay as they are until we have come back", SwitchScripts.Change)
        {
            WhenItFails = $"the device goes back by itself within {seconds} s",
        };
        yield return new Step(
            "wait until the device has switched, or has gone back",
            Script.Looking(SwitchScripts.Wait((long)(goBackAfter + Grace).TotalSeconds)) with
            {
                Deadline = goBackAfter + Grace + Grace,
                DialPatience = goBackAfter + Grace,
            })
        {
            WhenItFails = $"the device goes back by itself within {seconds} s; run the preview then",
        };
        yield return new Step(
            "come back over a new connection, see that what kept the device within reach still runs, and disarm the watchdog",
            Script.Of(SwitchScripts.Confirm) with { FreshLink = true, Idempotent = true, DialPatience = goBackAfter + Grace, Deadline = Grace })
        {
            WhenItFails = "the device goes back to the system that worked; run the preview in a few minutes",
        };
    }

    /// <summary>Ends a switch that was begun and never confirmed, by letting the device go back.</summary>
    public static Step Settle(string unconfirmed) => new(
        $"let the device undo a switch that was begun and never confirmed ({unconfirmed})",
        Script.Of(SwitchScripts.Settle) with { Idempotent = true, Deadline = Grace, DialPatience = Grace })
    {
        WhenItFails = "the device may be going back, or restarting; run the preview again in a few minutes",
    };

    /// <summary>Starts another kernel once, while the boot files still lead to the one that works.</summary>
    public static IEnumerable<Step> Trial(Shell system, TimeSpan goBackAfter)
    {
        yield return new Step(
            "when it has another kernel, initrd or words for the kernel: restart into it once (tryboot), while the boot files lead to the system before",
            Script.Of(TrialScripts.Begin(system, goBackAfter, FirstBoot.FirstBootScripts.Restart)) with { Deadline = TimeSpan.FromMinutes(15) })
        {
            WhenItFails = "the new system runs with the kernel before, and the next start leads to the system before; run up again",
        };
        yield return new Step(
            "see over a new connection what it has started, and put profile and boot files back when that is not the new system",
            Script.Of(TrialScripts.Judge) with { FreshLink = true, Idempotent = true, DialPatience = goBackAfter + Grace + Grace, Deadline = TimeSpan.FromMinutes(15) })
        {
            WhenItFails = "take the power off and on: the new kernel was for one start only; then run up again",
        };
    }

    /// <summary>Makes a confirmed system the one that is booted: the profile first, then the boot files, then the note.</summary>
    public static Step Keep(Shell system, string digest, int generations) => new(
        $"set the system profile, keep the last {generations} generations, and write the boot files for the next start",
        Script.Of(
            $$"""
            top={{system}}
            p=/nix/var/nix/profiles/system
            [ -x "$top/bin/switch-to-configuration" ] || { echo "there is no system at $top" >&2; exit 66; }
            [ "$(readlink -f /run/current-system)" = "$top" ] || { echo "the device does not run $top; it has gone back, or somebody switched it" >&2; exit 66; }
            [ -e /etc/NIXOS ] || : >/etc/NIXOS
            nix-env -p "$p" --set "$top"
            nix-env -p "$p" --delete-generations {{$"+{generations}"}}
            "$top/bin/switch-to-configuration" boot
            {{BootFiles.Require("", Shell.Of($"\"$top\""))}}
            n={{SystemScript.Folder}}
            mkdir -p "$n"; chmod 0700 "$n"
            printf '%s %s\n' {{digest}} "$top" >"$n/made.tmp"
            sync "$n/made.tmp" 2>/dev/null || sync
            mv -f "$n/made.tmp" "$n/made"
            """) with { Idempotent = true, Deadline = TimeSpan.FromMinutes(15) })
    {
        WhenItFails = "the new system runs, and the next start may lead to the one before; run up again",
    };
}
