using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Flakes.Secrets;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.NixosSystem.Configuration;
using Provisioner.Provider.Resources.NixosSystem.Elsewhere;
using Provisioner.Provider.Resources.WifiProfile;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>A NixOS system: installed once, then kept up to date.</summary>
/// <param name="inspection">One reading of a device, shared by all.</param>
internal sealed class NixosSystemHandler(SharedInspection<DeviceFacts> inspection) : ResourceHandler<NixosSystemArgs, NixosSystemState, NixosSystemPlan>
{
    private readonly ConfigurationCheck _check = new(inspection);

    protected override ImmutableArray<Rule<NixosSystemArgs>> Rules => NixosSystemRules.All;

    protected override async Task<NixosSystemState?> ObserveAsync(
        NixosSystemArgs desired, NixosSystemState? known, IOperationContext context, CancellationToken cancellation)
    {
        var wanted = await WantedAsync(desired, context, cancellation);
        var remote = context.Remote(desired.Device);
        DeviceFacts facts;
        try
        {
            facts = await inspection.GetAsync(remote, cancellation);
        }
        catch (DeviceUnreachableException) when (context.IsPreview && wanted.Archive is not null && known?.MadeFrom != wanted.Digest)
        {
            ConfigurationCheck.Tell(await ConfigurationCheck.ForetellAsync(desired, wanted.Archive, null, context, cancellation), context);
            throw;
        }

        var state = NixosSystemObserver.Observe(desired, wanted.Digest, facts, context.Time.GetUtcNow());
        var given = wanted.Archive?.Given ?? ImmutableSortedDictionary<string, string>.Empty;
        state = state with
        {
            WantedValues = given,
            Values = state.MadeFrom == wanted.Digest ? given : known?.Values ?? ImmutableSortedDictionary<string, string>.Empty,
        };
        if (context.IsPreview && wanted.Archive is not null && NixosSystemPlanner.Plan(desired, state).Sends >= 0)
        {
            state = state.With(await ConfigurationCheck.ForetellAsync(desired, wanted.Archive, facts, context, cancellation));
        }

        return await WithUnitsAsync(await WithBuilderAsync(state, desired, context, cancellation), facts, remote, cancellation);
    }

    protected override async Task ForetellAsync(NixosSystemArgs partial, ImmutableArray<string> unknown, IOperationContext context, CancellationToken cancellation)
    {
        if (partial.Flake is null || unknown.Intersect([nameof(partial.Attribute), nameof(partial.Source), nameof(partial.AcceptedCommits), nameof(partial.AcceptedFindings), nameof(partial.NixOptions), nameof(partial.Substituters)]).Any())
        {
            return;
        }

        // What is not known is empty from here on, which is nothing that a user can give.
        string? Open(string name, string? given) => unknown.Contains(name) ? "" : given;
        string Value(string name, string? given, string meanwhile) => unknown.Contains(name) ? meanwhile : given ?? "";
        var desired = partial with
        {
            Device = partial.Device ?? "",
            Pool = Open(nameof(partial.Pool), partial.Pool),
            PoolGuid = Open(nameof(partial.PoolGuid), partial.PoolGuid),
            BootPartition = Open(nameof(partial.BootPartition), partial.BootPartition),
            Hostname = Open(nameof(partial.Hostname), partial.Hostname),
            HostId = Open(nameof(partial.HostId), partial.HostId),
        };
        var wanted = await WantedAsync(desired, context, cancellation);
        if (!wanted.Archive!.Given.IsEmpty)
        {
            // The flake takes what it is given: with something in their place it says what it does with values that come later.
            desired = desired with
            {
                HostId = Value(nameof(partial.HostId), desired.HostId, Later.HostId),
                BootPartition = Value(nameof(partial.BootPartition), desired.BootPartition, Later.Partition),
            };
            wanted.Archive = await FlakeArchive.ReadAsync(await FlakeFolder.ReadAsync(desired.Flake!, cancellation), desired.Source, desired.Values, cancellation);
        }

        ConfigurationCheck.Tell(Later.InWords(await ConfigurationCheck.ForetellAsync(desired, wanted.Archive, null, context, cancellation)), context);
    }

    protected internal override NixosSystemPlan Plan(NixosSystemArgs desired, NixosSystemState? actual) => NixosSystemPlanner.Plan(desired, actual);

    /// <summary>A system is not taken off a device: what runs has to go on running.</summary>
    protected internal override NixosSystemPlan PlanDelete(NixosSystemArgs desired, NixosSystemState actual) => new()
    {
        Warnings = [$"the system stays on the device: {actual.Profile ?? "nothing is installed"}"],
    };

    protected internal override Expected<NixosSystemState> Expect(NixosSystemArgs desired, NixosSystemState? actual)
    {
        if (actual is null)
        {
            return new Expected<NixosSystemState>(
                new NixosSystemState { Device = desired.Device, Wanted = "" },
                [.. RecordShape.Of(typeof(NixosSystemState)).Properties.Select(property => property.Property.Name).Where(name => name != nameof(NixosSystemState.Device))]);
        }

        var plan = NixosSystemPlanner.Plan(desired, actual);
        if (plan.Changes.IsEmpty)
        {
            return new Expected<NixosSystemState>(actual);
        }

        var expected = actual with
        {
            Device = desired.Device,
            Mounted = true,
            MadeFrom = actual.Wanted,
            Values = actual.WantedValues,
            Drift = ImmutableSortedDictionary<string, string>.Empty,
            HostId = desired.HostId ?? actual.HostId,
            Installation = desired.Installation ?? actual.Installation,
        };
        return plan.Builds
            ? new Expected<NixosSystemState>(
                expected,
                nameof(NixosSystemState.Made), nameof(NixosSystemState.Profile), nameof(NixosSystemState.Generation), nameof(NixosSystemState.Generations), nameof(NixosSystemState.Running),
                nameof(NixosSystemState.HostKeyFingerprint), nameof(NixosSystemState.HostId), nameof(NixosSystemState.WouldRestart), nameof(NixosSystemState.Findings))
            : new Expected<NixosSystemState>(
                expected with { Profile = actual.Made, Running = actual.Installed ? actual.Made : null },
                nameof(NixosSystemState.Generation), nameof(NixosSystemState.Generations), nameof(NixosSystemState.HostKeyFingerprint), nameof(NixosSystemState.WouldRestart), nameof(NixosSystemState.Findings));
    }

    /// <summary>The pool's number: another pool is another system. A machine that runs already is known by its host key.</summary>
    protected internal override string IdOf(NixosSystemArgs desired, NixosSystemState state) => desired.TakesOver ? desired.Key : $"{desired.PoolGuid}/{desired.Root}";

    protected override async Task<NixosSystemState> ApplyAsync(
        NixosSystemArgs desired, NixosSystemState? actual, NixosSystemPlan plan, IOperationContext context, CancellationToken cancellation)
    {
        if (plan.Sends >= 0 && actual is not null)
        {
            var wanted = await WantedAsync(desired, context, cancellation);
            if (wanted.Archive is not null && wanted.Digest == actual.Wanted && await PinAsync(desired, wanted.Archive, actual, context, cancellation))
            {
                // The lock is part of the flake from here on, and of the digest that is noted on the system.
                wanted = await WantedAsync(desired, context, cancellation);
                actual = actual with { Wanted = wanted.Digest };
                plan = Plan(desired, actual);
            }

            if (wanted.Digest != actual.Wanted)
            {
                throw new InputInvalidException("The flake was changed while it was about to be sent")
                {
                    Where = desired.Flake,
                    Next = "run the preview again, and look at what it says",
                };
            }

            var step = plan.Steps[plan.Sends];
            step = desired.ComesFromElsewhere
                ? step with { Work = new SystemFromElsewhere(desired, desired.Nix(actual.Platform), wanted.Archive, _check, context).RunAsync }
                : step with { Script = step.Script! with { Stdin = wanted.Archive!.ToPayload() } };
            plan = plan with { Steps = plan.Steps.SetItem(plan.Sends, step) };
        }

        if (plan.Asks >= 0)
        {
            plan = plan with
            {
                Steps = plan.Steps.SetItem(plan.Asks, plan.Steps[plan.Asks] with { Work = (device, token) => _check.OnDeviceAsync(desired, device, context, token) }),
            };
        }

        try
        {
            return await base.ApplyAsync(desired, actual, plan, context, cancellation);
        }
        catch (StepFailedException failure) when (failure.InnerException is ScriptFailedException { ExitCode: SwitchScripts.WentBack } answer)
        {
            throw new ChangeUndoneException("The device has gone back to the system that ran before the switch")
            {
                Where = failure.Where,
                Why = answer.StderrTail,
                Next = $"what the switch said stands in {SwitchScripts.Folder}/log on the device; change the flake and run up again",
            };
        }
    }

    /// <summary>The digest of what is wanted, and the files when there is a flake. Refuses a flake with a secret in what would be sent.</summary>
    private static async Task<(string Digest, FlakeArchive? Archive)> WantedAsync(NixosSystemArgs desired, IOperationContext context, CancellationToken cancellation)
    {
        if (desired.Flake is not { } path)
        {
            return ($"path:{desired.StorePath}", null);
        }

        var folder = await FlakeFolder.ReadAsync(path, cancellation);
        await FlakeGuard.RequireFitAsync(folder, desired, context, cancellation);
        var archive = await FlakeArchive.ReadAsync(folder, desired.Source, desired.Values, cancellation);
        return ($"{archive.Digest}#{desired.Attribute}", archive);
    }

    /// <summary>Has the machine that builds pin the flake's inputs that are not, and keeps the lock beside the flake.</summary>
    /// <returns>Whether there is another lock now.</returns>
    private static async Task<bool> PinAsync(NixosSystemArgs desired, FlakeArchive archive, NixosSystemState actual, IOperationContext context, CancellationToken cancellation)
    {
        var folder = await FlakeFolder.ReadAsync(desired.Flake!, cancellation);
        if (!(await File.ReadAllTextAsync(Path.Combine(folder.Folder, "flake.nix"), cancellation)).Contains("inputs", StringComparison.Ordinal))
        {
            return false;
        }

        context.Status("pinning the flake's inputs");
        var sent = FlakeLock.Of(folder);
        var make = FlakeLock.Make(InstallScripts.Nix(desired));
        try
        {
            var made = desired.ComesFromElsewhere
                ? await desired.Nix(actual.Platform).RunAsync(make, script => script with { Stdin = archive.ToPayload() }, context, cancellation)
                : await context.Remote(desired.Device).RunAsync(Script.Looking(make) with { Stdin = archive.ToPayload(), Deadline = TimeSpan.FromMinutes(30) }, cancellation);
            return made.Stdout.Length > 0 && FlakeLock.Keep(folder, sent, made.Stdout.Span, context);
        }
        catch (ScriptFailedException failure)
        {
            throw new InputInvalidException("The flake's inputs cannot be pinned", failure)
            {
                Where = folder.Folder,
                Why = failure.Why,
                Next = "nothing has been touched; mend the inputs in flake.nix, or make the lock where there is a network: nix flake lock",
            };
        }
    }

    /// <summary>Asks the machine that the system comes from, where it is another one, and only when one is to come.</summary>
    private static async Task<NixosSystemState> WithBuilderAsync(NixosSystemState state, NixosSystemArgs desired, IOperationContext context, CancellationToken cancellation)
    {
        if (!desired.ComesFromElsewhere || NixosSystemPlanner.Plan(desired, state).Sends < 0)
        {
            return state;
        }

        BuilderVerdict verdict;
        try
        {
            (_, verdict) = await desired.Nix(state.Platform).ProbeAsync(context, cancellation);
        }
        catch (ProviderException unseen)
        {
            // The device was seen: that its builder was not is no reason to tell of it from memory.
            verdict = new BuilderVerdict($"{unseen.What}: {unseen.Why}", unseen.Next, null);
        }

        return Preflight.OfBuilder(verdict) is { } finding ? state.With([finding]) : state;
    }

    /// <summary>Once the next system is built, it can be asked what a switch to it would do; asking changes nothing.</summary>
    private static async Task<NixosSystemState> WithUnitsAsync(NixosSystemState state, DeviceFacts facts, IRemote remote, CancellationToken cancellation)
    {
        if (!state.Installed || facts.System.Built is null || facts.System.Built == state.Running || state.Running is null)
        {
            return state;
        }

        var answer = await remote.RunAsync(Script.Looking(InstallScripts.DryRun) with { Deadline = TimeSpan.FromMinutes(3) }, cancellation);
        return state with { WouldRestart = [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line.StartsWith("would ", StringComparison.Ordinal))] };
    }
}
