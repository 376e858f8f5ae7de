using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Jobs;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.NixosSystem.Configuration;

/// <summary>Has a flake's configuration evaluated and compared: in a preview where Nix is at hand, and by every update before anything is built or touched.</summary>
/// <param name="inspection">One reading of a device, shared by all.</param>
internal sealed class ConfigurationCheck(SharedInspection<DeviceFacts> inspection)
{
    // An evaluation takes half a minute; what takes longer in a preview fetches inputs over a slow line.
    private static readonly TimeSpan PreviewLimit = TimeSpan.FromMinutes(3);

    // On a Pi with a slow card it takes minutes, and the inputs come first.
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    /// <summary>What an update does at this step, for the preview.</summary>
    public static string Sentence(NixosSystemArgs desired) =>
        $"ask the flake who {desired.Attribute} is for, what it mounts and whether we can log in afterwards; what does not fit is told at once, and ends it";

    /// <summary>
    /// What a preview can say: by this machine's Nix, wherever the system will be built, because evaluating does not need the
    /// device's processor. That it cannot be had is told, and is no error.
    /// </summary>
    public static async Task<ImmutableArray<PreflightFinding>> ForetellAsync(
        NixosSystemArgs desired, FlakeArchive flake, DeviceFacts? device, IOperationContext context, CancellationToken cancellation)
    {
        void Later(string why) => context.Info($"what the configuration of {desired.Attribute} says is compared by up, before anything is built or touched: {why}");
        context.Status($"evaluating the configuration of {desired.Attribute}");
        ScriptResult told;
        try
        {
            told = await new NixBuilder(NixBuilderKind.Local) { Options = desired.NixOptions, Target = "", Instead = "" }.RunAsync(
                Evaluation.Preview(desired), script => script with { Stdin = flake.ToPayload(), Deadline = PreviewLimit, ExitCodes = [0, Evaluation.NoNix] }, context, cancellation);
        }
        catch (ScriptTimeoutException)
        {
            Later($"here it takes longer than {JobProgress.Duration(PreviewLimit)}");
            return [];
        }
        catch (ScriptFailedException failure)
        {
            return [PreflightFinding.Warning("evaluation", $"Nix on this machine cannot evaluate the configuration, so it is not compared yet; up does that before anything is built or touched. Nix says:\n{failure.Why}")];
        }

        if (told.ExitCode == Evaluation.NoNix)
        {
            Later("Nix is not on this machine");
            return [];
        }

        try
        {
            var facts = ConfigurationFacts.Parse(told.Text);
            var kernels = await KernelsAsync(desired, flake, facts, device, context, cancellation);
            var login = string.IsNullOrEmpty(desired.Device) ? new Login(null) : await LoginAsync(device is null, context.Remote(desired.Device), cancellation);
            return [.. Comparison.Of(facts, desired, login, device), .. kernels];
        }
        catch (FormatException odd)
        {
            return [PreflightFinding.Warning("evaluation", odd.Message)];
        }
    }

    /// <summary>A kernel that would be compiled, wherever the system is built.</summary>
    private static async Task<ImmutableArray<PreflightFinding>> KernelsAsync(
        NixosSystemArgs desired, FlakeArchive flake, ConfigurationFacts facts, DeviceFacts? device, IOperationContext context, CancellationToken cancellation)
    {
        var builder = desired.Nix(device is null ? "aarch64-linux" : $"{device.Os.Architecture}-linux");
        var kernels = await KernelForecast.AskAsync(builder, Evaluation.Kernels(desired), flake.ToPayload(), context, cancellation);
        if (!kernels.IsEmpty && desired.Builder == NixosSystemBuilder.Device && device is not null && facts.KernelPath is { } path)
        {
            // What the device has compiled once it has: the kernel that runs there.
            var there = await context.Remote(desired.Device).RunAsync(Script.Looking(Shell.Of($"[ ! -e {path} ] || echo yes")), cancellation);
            kernels = there.Text.Length > 0 ? [] : kernels;
        }

        return [.. kernels.Select(kernel => PreflightFinding.Warning("kernel", KernelForecast.Sentence(kernel, builder.Display)))];
    }

    /// <summary>Evaluates on the device the flake that it was sent, as a job, and compares.</summary>
    /// <exception cref="ConfigurationUnfitException">Something does not fit.</exception>
    /// <exception cref="JobFailedException">It cannot be evaluated.</exception>
    public async Task OnDeviceAsync(NixosSystemArgs desired, IRemote device, IOperationContext context, CancellationToken cancellation)
    {
        var job = new Job("evaluate", "ask the flake", [new JobStep("evaluate", "evaluate the configuration", Evaluation.OnDevice(desired)) { WhenItFails = "nothing has been installed or switched; change the flake and run up again" }]) { Deadline = Limit };
        await JobRunner.RunAsync(device, job, context, cancellation);
        var told = await device.RunAsync(Script.Looking(Evaluation.Told), cancellation);
        await RequireAsync(desired, told.Text, device, context, cancellation);
    }

    /// <summary>Compares what a machine has said about the flake.</summary>
    /// <exception cref="ConfigurationUnfitException">Something does not fit.</exception>
    public async Task RequireAsync(NixosSystemArgs desired, string told, IRemote device, IOperationContext context, CancellationToken cancellation)
    {
        ImmutableArray<PreflightFinding> findings;
        try
        {
            var facts = await inspection.GetAsync(device, cancellation);
            findings = Comparison.Of(ConfigurationFacts.Parse(told), desired, await LoginAsync(isAway: false, device, cancellation), facts);
        }
        catch (FormatException odd)
        {
            throw new ConfigurationUnfitException("What Nix says about the flake's configuration is not understood", odd) { Where = desired.WantedOf, Why = odd.Message };
        }

        foreach (var warning in findings.Where(finding => finding.Weight == PreflightWeight.Warning))
        {
            context.Warn(warning.ToString());
        }

        var blockers = findings.Where(finding => finding.Weight == PreflightWeight.Blocker).ToList();
        if (blockers.Count > 0)
        {
            throw new ConfigurationUnfitException("The flake's configuration does not fit; nothing has been installed or switched")
            {
                Where = desired.WantedOf,
                Why = string.Join('\n', blockers),
                Next = "settle each as it says, in the flake or in the program, and run up again",
            };
        }
    }

    /// <summary>All that a preview without the device can tell.</summary>
    public static void Tell(ImmutableArray<PreflightFinding> findings, IOperationContext context)
    {
        if (findings.IsEmpty)
        {
            return;
        }

        foreach (var warning in findings.Where(finding => finding.Weight == PreflightWeight.Warning))
        {
            context.Warn(warning.ToString());
        }

        var blockers = findings.Where(finding => finding.Weight == PreflightWeight.Blocker).ToList();
        if (blockers.Count > 0)
        {
            context.Warn(new Refusal("install or change the system")
            {
                Why = $"its configuration does not fit:\n{string.Join('\n', blockers.Select(blocker => $"  {blocker}"))}",
                Next = "settle each as it says, in the flake or in the program, and run the preview again",
            }.ToString());
        }
    }

    private static async Task<Login> LoginAsync(bool isAway, IRemote device, CancellationToken cancellation)
    {
        var login = new Login(device.Address.User) { IsLocal = device.Address.IsLocal, Ours = device.LoginKeys };
        return isAway ? login : login.With((await device.RunAsync(Login.Question, cancellation)).Text);
    }
}

/// <summary>A flake's configuration is not for this device, or would lock us out of it.</summary>
public sealed class ConfigurationUnfitException(string what, Exception? inner = null) : ProviderException("system.unfit", Grpc.Core.StatusCode.FailedPrecondition, what, inner);
