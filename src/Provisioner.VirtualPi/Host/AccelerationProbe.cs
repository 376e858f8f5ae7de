using System.Globalization;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Files;
using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi.Host;

/// <summary>Finds out whether KVM really runs a guest here. Under nested virtualisation it may start and then fail.</summary>
internal sealed class AccelerationProbe(PiHome home, StepTeller steps)
{
    private const string Device = "/dev/kvm";
    private const string Alive = "virtual-pi probe: alive";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] Defeats = ["KVM internal error", "failed to initialize kvm", "Could not access KVM"];

    private string VerdictFile => Path.Combine(home.Folder, "acceleration");

    /// <summary>What to use: as told, as found earlier under the same conditions, or as a trial shows.</summary>
    public async Task<PiAcceleration> ChooseAsync(CardImage card, CancellationToken cancellationToken)
    {
        if (home.Acceleration is { } told)
        {
            return told;
        }

        if (!File.Exists(Device))
        {
            return PiAcceleration.Tcg;
        }

        var conditions = await ConditionsAsync(card, cancellationToken);
        if (Verdict(conditions) is { } verdict)
        {
            return verdict;
        }

        return await steps.TellAsync("trying KVM", async () =>
        {
            var found = await TryKvmAsync(card, cancellationToken) ? PiAcceleration.Kvm : PiAcceleration.Tcg;
            PrivateFiles.Write(VerdictFile, $"{found}\n{conditions}\n");
            return (found, false);
        });
    }

    /// <summary>The first line that QEMU says of itself: it has the version.</summary>
    public static async Task<string> QemuVersionAsync(CancellationToken cancellationToken)
    {
        var result = await Cli.Wrap(QemuCommandLine.Program).WithArguments("--version").ExecuteBufferedAsync(cancellationToken);
        return result.StandardOutput.Split('\n')[0];
    }

    // Another kernel, another QEMU or another guest may fare differently.
    private static async Task<string> ConditionsAsync(CardImage card, CancellationToken cancellationToken) => string.Join(
        " | ", Environment.OSVersion.VersionString, await QemuVersionAsync(cancellationToken), card.Key);

    private PiAcceleration? Verdict(string conditions) =>
        File.Exists(VerdictFile)
        && File.ReadAllLines(VerdictFile) is [var verdict, var found]
        && found == conditions
        && Enum.TryParse<PiAcceleration>(verdict, out var acceleration)
            ? acceleration
            : null;

    private async Task<bool> TryKvmAsync(CardImage card, CancellationToken cancellationToken)
    {
        var said = new StringBuilder();
        using var timer = new CancellationTokenSource(Patience, home.Time);
        using var over = new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, over.Token, cancellationToken);
        var listen = PipeTarget.ToDelegate(line =>
        {
            said.AppendLine(CultureInfo.InvariantCulture, $"{line}");
            if (Array.Exists(Defeats, defeat => line.Contains(defeat, StringComparison.OrdinalIgnoreCase)))
            {
                over.Cancel();
            }
        });
        try
        {
            await Cli.Wrap(QemuCommandLine.Program)
                .WithArguments(
                [
                    "-machine", "q35", .. QemuCommandLine.Processor(PiAcceleration.Kvm), "-m", "512", "-nodefaults", "-no-user-config",
                    "-display", "none", "-no-reboot", "-serial", "stdio", "-kernel", card.Kernel, "-initrd", card.InitialRamDisk,
                    "-append", "console=ttyS0 quiet virtual-pi.probe",
                ])
                .WithStandardOutputPipe(listen)
                .WithStandardErrorPipe(listen)
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It hung or said that it cannot: what counts is whether the guest spoke.
        }

        return said.ToString().Contains(Alive, StringComparison.Ordinal);
    }
}
