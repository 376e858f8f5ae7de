using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Jobs;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.NixosSystem.Configuration;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>Decides what has to be done to a system. Pure.</summary>
internal static class NixosSystemPlanner
{
    private const string HostIdDrift = "hostId";

    private static readonly TimeSpan MountDeadline = TimeSpan.FromMinutes(3);

    public static NixosSystemPlan Plan(NixosSystemArgs desired, NixosSystemState? actual)
    {
        if (actual is null)
        {
            // Only a preview comes here: the device is away, or will be made by the same up.
            return new NixosSystemPlan { Changes = [new PropertyChange("profile", ChangeKind.Add)], Builds = true };
        }

        var changes = Compare(desired, actual).ToImmutableArray();
        if (changes.IsEmpty)
        {
            return new NixosSystemPlan { Warnings = HostIdWarning(desired, actual) };
        }

        var isAnew = IsAnew(desired, actual);
        if (isAnew && actual.Installed)
        {
            return new NixosSystemPlan { Changes = changes, Builds = true, Warnings = Warnings(desired, actual), Refusals = [RunsFromIt(desired)] };
        }

        ImmutableArray<Step> source = desired.ComesFromElsewhere ? [Bring(desired, actual)] : desired.Flake is null ? [] : [Send(desired), Ask(desired)];
        var steps = changes.All(change => change.Path == "device") ? []
            : (actual.Installed ? Update(desired, actual, source) : FirstInstall(desired, isAnew ? actual with { Mounted = false } : actual, source)).ToImmutableArray();
        return new NixosSystemPlan
        {
            Changes = changes,
            Steps = steps,
            Sends = source.IsEmpty ? -1 : steps.IndexOf(source[0]),
            Asks = source.Length < 2 ? -1 : steps.IndexOf(source[1]),
            Builds = isAnew || NeedsBuild(actual),
            Warnings = Warnings(desired, actual),
            Refusals = Refusals(actual),
        };
    }

    /// <summary>Whether what is installed belongs to another installation than the one that is wanted.</summary>
    private static bool IsAnew(NixosSystemArgs desired, NixosSystemState actual) =>
        actual.Profile is not null && desired.Installation is { } wanted && wanted != actual.Installation;

    private static Refusal RunsFromIt(NixosSystemArgs desired) => new($"install the system anew, as the installation {desired.Installation}")
    {
        Why = "the device runs from the system that is installed",
        Next = "boot it from its card (one that has been retired is written again first), and run up again; or set installation back",
    };

    /// <summary>All that speaks against it, in one refusal.</summary>
    private static ImmutableArray<Refusal> Refusals(NixosSystemState actual)
    {
        var blockers = actual.Findings.Where(finding => finding.Weight == PreflightWeight.Blocker).ToList();
        return blockers.Count == 0 ? [] :
        [
            new Refusal(actual.Installed ? "change the system" : "install the system")
            {
                Why = $"{(blockers.Count == 1 ? "one thing speaks" : string.Create(CultureInfo.InvariantCulture, $"{blockers.Count} things speak"))} against it, and nothing has been touched:\n"
                    + string.Join('\n', blockers.Select(blocker => $"  {blocker}")),
                Next = "put that right, and run the preview again",
            },
        ];
    }

    private static ImmutableArray<string> Warnings(NixosSystemArgs desired, NixosSystemState actual) =>
        [.. actual.Findings.Where(finding => finding.Weight == PreflightWeight.Warning).Select(finding => finding.ToString()), .. HostIdWarning(desired, actual)];

    /// <summary>The host id of a system that runs is the flake's to set; a file beside it would be gone at the next activation.</summary>
    private static ImmutableArray<string> HostIdWarning(NixosSystemArgs desired, NixosSystemState actual) =>
        actual.Installed && actual.Drift.TryGetValue(HostIdDrift, out var found)
            ? [$"the system's host id is {found}, and {desired.HostId} is wanted: a pool that one of them has used is not imported by the other without force; set networking.hostId in the flake"]
            : [];

    /// <summary>Which of the machine's values has changed, where one has.</summary>
    private static string Why(NixosSystemArgs desired, NixosSystemState actual)
    {
        var changed = actual.Values.IsEmpty ? [] : actual.Values.Keys.Union(actual.WantedValues.Keys).Order(StringComparer.Ordinal)
            .Where(key => actual.Values.GetValueOrDefault(key) != actual.WantedValues.GetValueOrDefault(key))
            .Select(key => $"{key}: {actual.Values.GetValueOrDefault(key) ?? "the flake's own"} → {actual.WantedValues.GetValueOrDefault(key) ?? "the flake's own"}").ToList();
        return desired.StorePath is not null ? "another system is wanted"
            : changed.Count > 0 ? $"what the flake is given has changed: {string.Join(", ", changed)}"
            : "the flake has changed since the system was built";
    }

    private static bool NeedsBuild(NixosSystemState actual) => actual.MadeFrom != actual.Wanted || actual.Made is null;

    private static IEnumerable<PropertyChange> Compare(NixosSystemArgs desired, NixosSystemState actual)
    {
        if (desired.Device != actual.Device)
        {
            yield return new PropertyChange("device", ChangeKind.Update, actual.Device, desired.Device);
        }

        if (IsAnew(desired, actual))
        {
            yield return new PropertyChange("installation", ChangeKind.Update, actual.Installation ?? "none", desired.Installation) { Because = "another installation begins with an empty file system" };
        }

        if (actual.Profile is null)
        {
            yield return new PropertyChange("profile", ChangeKind.Add, null, "a system built from the flake");
        }
        else if (NeedsBuild(actual))
        {
            yield return new PropertyChange("wanted", ChangeKind.Update, actual.MadeFrom is null ? "another system" : Short(actual.MadeFrom), Short(actual.Wanted))
            {
                Because = string.Create(
                    CultureInfo.InvariantCulture, $"{Why(desired, actual)}; generation {actual.Generation + 1} comes after {actual.Generation}"),
            };
        }
        else if (actual.WantedOf is { } of && of != desired.WantedOf)
        {
            // Engines read with the inputs of last time; the update reads again, and may find that nothing is to be done.
            yield return new PropertyChange("wantedOf", ChangeKind.Update, of, desired.WantedOf) { Because = "another system is asked for" };
        }

        foreach (var (about, found) in actual.Drift.Where(drift => !actual.Installed || drift.Key != HostIdDrift))
        {
            yield return about switch
            {
                "mounts" => new PropertyChange(about, ChangeKind.Update, found, "mounted below /mnt") { Because = "the system's file systems have to be mounted to be seen and written" },
                "unconfirmed" => new PropertyChange(about, ChangeKind.Update, found, "none") { Because = "a switch was begun and never confirmed, so the device is going back, or was restarted in between" },
                "nixos" => new PropertyChange(about, ChangeKind.Update, found, "there") { Because = "without it the system refuses to be switched" },
                "bootFiles" => new PropertyChange(about, ChangeKind.Update, found, "there") { Because = "without it the device does not boot" },
                "hostKey" => new PropertyChange(about, ChangeKind.Update, found, "the pinned one") { Because = "the device could not prove who it is" },
                HostIdDrift => new PropertyChange(about, ChangeKind.Update, found, desired.HostId) { Because = "the pool remembers the host id, and another one makes its import fail" },
                "profile" => new PropertyChange(about, ChangeKind.Update, found, actual.Made) { Because = "somebody set another generation: the next boot leads to it" },
                "running" => new PropertyChange(about, ChangeKind.Update, found, actual.Profile) { Because = "the device runs another system than its profile says" },
                _ => new PropertyChange(about, ChangeKind.Update, found),
            };
        }
    }

    private static IEnumerable<Step> FirstInstall(NixosSystemArgs desired, NixosSystemState actual, ImmutableArray<Step> source)
    {
        // What does not fit ends it here, before anything is touched.
        foreach (var step in source)
        {
            yield return step;
        }

        if (!actual.Mounted)
        {
            yield return new Step(
                $"mount {string.Join(", ", desired.Datasets.Values.Select(dataset => $"{desired.Pool}/{dataset}"))} and the boot partition below {SystemScript.Target}",
                Script.Of(InstallScripts.Mount(desired)) with { Idempotent = true, Deadline = MountDeadline });
        }

        if (Identity(desired, SystemScript.Target) is { } identity)
        {
            yield return identity;
        }

        yield return Step.Of(new Job(
            "install",
            "install NixOS",
            [
                .. Building(desired),
                new JobStep("install", $"nixos-install --system … --root {SystemScript.Target} --no-channel-copy --no-root-passwd", InstallScripts.Install),
                new JobStep("access", $"let in whoever is let in here: copy the authorized keys of {(LoginOf(desired) is "root" ? "root" : $"root and {LoginOf(desired)}")}, where the system has none", InstallScripts.Access("", SystemScript.Target, LoginOf(desired))),
                .. desired.HostId is { } id ? [new JobStep("hostid", "write the host id, where the flake sets none", InstallScripts.HostId(SystemScript.Target, id))] : Array.Empty<JobStep>(),
                new JobStep("verify", "verify the profile, the closure, the boot files and all that they name", InstallScripts.Verify(SystemScript.Target, actual.NeedsFirmware)),
                new JobStep("note", "note what the system was made from", InstallScripts.Note(SystemScript.Target, actual.Wanted)),
            ]));
    }

    private static IEnumerable<Step> Update(NixosSystemArgs desired, NixosSystemState actual, ImmutableArray<Step> source)
    {
        if (actual.Drift.TryGetValue("unconfirmed", out var unconfirmed))
        {
            yield return Switch.Settle(unconfirmed);
        }

        var builds = NeedsBuild(actual);
        if (builds)
        {
            foreach (var step in source)
            {
                yield return step;
            }

            yield return Step.Of(new Job(
                "update",
                desired.ComesFromElsewhere ? "look at the new system" : "build the new system",
                [.. Building(desired), new JobStep("dryrun", "tell which services the switch would stop and start (dry-activate)", InstallScripts.DryRun)]));
        }

        if (actual.Drift.ContainsKey("hostKey") && Identity(desired, "") is { } identity)
        {
            yield return identity;
        }

        // A system that was made and is no longer in the profile comes back; one that was built is found by its link.
        var target = builds ? null : actual.Made;
        var system = target is null ? Shell.Of($"$(readlink -f {SystemScript.Folder + "/result"})") : Shell.Of($"{target}");
        if (builds || actual.Running != target)
        {
            foreach (var step in Switch.Steps(system, target ?? "the new system", TimeSpan.FromSeconds(desired.RollbackAfter)))
            {
                yield return step;
            }
        }

        if (builds || actual.Profile != target || actual.Drift.ContainsKey("nixos") || actual.Drift.ContainsKey("bootFiles") || actual.Running != target)
        {
            foreach (var step in Switch.Trial(system, TimeSpan.FromSeconds(desired.RollbackAfter)))
            {
                yield return step;
            }

            yield return Switch.Keep(system, actual.Wanted, desired.KeepGenerations);
        }
    }

    private static IEnumerable<JobStep> Building(NixosSystemArgs desired)
    {
        if (desired.ComesFromElsewhere)
        {
            yield break;
        }

        if (desired.StorePath is { } path)
        {
            yield return new JobStep("build", $"get {path}", InstallScripts.Take(desired, path));
            yield break;
        }

        yield return new JobStep("build", BuildCommand(desired), InstallScripts.Build(desired));
    }

    /// <summary>The system comes from another machine, which builds it or has it.</summary>
    private static Step Bring(NixosSystemArgs desired, NixosSystemState actual)
    {
        var builder = desired.Nix(actual.Platform).Display;
        var title = desired.StorePath is { } path ? $"bring {path} from {builder}" : $"have {builder} build the system from the flake ({Sent(desired)}), and bring it";
        string[] parts = [.. desired.Flake is null ? Array.Empty<string>() : [ConfigurationCheck.Sentence(desired), BuildCommand(desired)], "send what the device lacks of it; a lost connection costs one part of it"];
        return new Step(PlanText.WithParts(title, parts), null)
        {
            Title = title,
            WhenItFails = "nothing has been installed or switched; run up again: what is built is not built again, and what has arrived is not sent again",
        };
    }

    private static string LoginOf(NixosSystemArgs desired) => DeviceAddress.LoginOf(desired.Device) ?? "root";

    private static string BuildCommand(NixosSystemArgs desired) => $"nix build …#{desired.SystemPath}.config.system.build.toplevel";

    private static string Sent(NixosSystemArgs desired) => desired.Source == Flakes.FlakeSource.WholeFolder ? "the whole folder" : "what git tracks";

    private static Step Send(NixosSystemArgs desired) => new(
        $"send the flake ({Sent(desired)}, from stdin) to {SystemScript.Folder}/flake",
        Script.Of(InstallScripts.Receive) with { Idempotent = true, Deadline = MountDeadline });

    private static Step Ask(NixosSystemArgs desired) => new(ConfigurationCheck.Sentence(desired), null)
    {
        WhenItFails = "nothing has been installed or switched",
    };

    private static Step? Identity(NixosSystemArgs desired, string root) =>
        desired.HostKey is { } key && HostIdentity.HostKey.Parse(key, desired.Hostname is null ? "" : $"root@{desired.Hostname}").Key is { } parsed
            ? new Step(
                $"write {root}/etc/ssh/ssh_host_ed25519_key (0600 root:root, from stdin), so that the system has the pinned host key",
                Script.Of(InstallScripts.HostKey(root, parsed.PublicKey)) with { Stdin = Payload.Secret(parsed.PrivateKey), Idempotent = true })
            : null;

    private static string Short(string digest) => digest.Length > 12 ? digest[..12] : digest;
}
