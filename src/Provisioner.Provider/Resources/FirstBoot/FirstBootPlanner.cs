using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.FirstBoot;

/// <summary>Decides how a device is handed over from its card to its SSD. Pure.</summary>
internal static class FirstBootPlanner
{
    // What a busy disk has still to write is written first.
    private static readonly TimeSpan ExportDeadline = TimeSpan.FromMinutes(5);

    public static FirstBootPlan Plan(FirstBootArgs desired, FirstBootState? actual)
    {
        if (actual is null)
        {
            // Only a preview comes here: the device is away, or will be made by the same up.
            return new FirstBootPlan { Changes = [new PropertyChange("installed", ChangeKind.Add, null, "true")], Restarts = true };
        }

        if (!actual.Installed)
        {
            return HandOver(desired, actual);
        }

        var doubts = actual.Unproven.Select(doubt => new PropertyChange(doubt.Key, ChangeKind.Update, doubt.Value, "as it should be")
        {
            Because = Advice(doubt.Key),
        });
        var retires = Retires(desired, actual);
        return new FirstBootPlan
        {
            Changes =
            [
                .. doubts,
                .. retires ? [new PropertyChange("card", ChangeKind.Update, "can boot", "retired") { Because = "at the next start the firmware would take it before the SSD" }] : Array.Empty<PropertyChange>(),
                .. Device(desired, actual),
            ],
            Steps = retires ? [Retire(actual.Card!)] : [],
            ProvenFrom = 0,
            Warnings = desired.RetireCard ? [.. Left(actual)] : [],
        };
    }

    private static FirstBootPlan HandOver(FirstBootArgs desired, FirstBootState actual)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        if (actual.Card is { Ours: true, Number: not null } from)
        {
            steps.Add(new Step(
                $"note on the SSD that this installation comes from the card {from.Path}, by which the card is known again when it is to be retired",
                Script.Of(Shell.Lines(TargetSteps.IsMounted, FirstBootScripts.Note(from))) with { Idempotent = true }));
        }

        steps.Add(TargetSteps.Unmount);
        steps.Add(new Step(
            $"export the pool {desired.Pool} ({desired.PoolGuid}), and see that it is: the system on the SSD then imports it without force",
            Script.Of(FirstBootScripts.Export(desired.Pool, desired.PoolGuid)) with { Idempotent = true, Deadline = ExportDeadline }));
        if (actual.CanAskOnce)
        {
            steps.Add(new Step(
                "ask the firmware to try USB before the card at the next start, once (set_reboot_order 0xf14): when the SSD does not boot, the card does",
                Script.Of(FirstBootScripts.AskOnce) with { Idempotent = true }));
        }

        if (TellsUboot(actual) is { } partition)
        {
            steps.Add(new Step(
                $"ask U-Boot to try USB before the card at the next start, once ({UbootEnvironment.File} on {partition}, which U-Boot removes): its own order is another one than the firmware's",
                Script.Of(FirstBootScripts.AskUbootOnce(partition)) with { Idempotent = true, Stdin = UbootEnvironment.ToPayload() }));
        }

        var patience = TimeSpan.FromSeconds(desired.WaitFor);
        steps.Add(new Step("restart the device", Script.Of(FirstBootScripts.RestartOnce(actual.BootId)) with { Idempotent = true, DialPatience = patience }));
        steps.Add(new Step(
            $"wait up to {desired.WaitFor} s until it comes back with another boot, over a new connection and with the pinned host key",
            Script.Looking(FirstBootScripts.ComeBack(actual.BootId)) with
            {
                FreshLink = true,
                DialPatience = patience,
                Deadline = TimeSpan.FromMinutes(4),
            })
        {
            WhenItFails = (actual.CanAskOnce
                    ? "take the power off and on: the firmware's order was for one start only, so the device comes back from the card, when that is in it"
                    : "take the power off and on with the card in it")
                + "; then look at what a screen or the serial console says, and at journalctl of the failed boot on the SSD (zpool import, mount, journalctl -D)",
        });
        steps.Add(new Step(
            $"prove it: / on {desired.Pool}/{desired.RootDataset}, started from USB, the system {desired.System}, {(desired.WifiProfile is null ? "" : "the WiFi up through our profile, ")}the time right", null));
        var provenFrom = steps.Count;
        if (desired.RetireCard && actual.Card is { Ours: true, Number: not null, FileSystems.IsEmpty: false } card)
        {
            steps.Add(Retire(card));
        }

        return new FirstBootPlan
        {
            Changes = [new PropertyChange("installed", ChangeKind.Update, "false", "true") { Because = "the device runs from its card" }, .. Device(desired, actual)],
            Steps = steps.ToImmutable(),
            ProvenFrom = provenFrom,
            Restarts = true,
            Refusals = actual.NotReady.IsEmpty ? [] : [new Refusal("hand the device over to its SSD")
            {
                Why = string.Join('\n', actual.NotReady),
                Next = "nothing has been touched; put that right, and run up again",
            }],
            Warnings = [.. Orders(actual)],
        };
    }

    /// <summary>What would start the card in place of the SSD, and cannot be told otherwise.</summary>
    private static IEnumerable<string> Orders(FirstBootState actual)
    {
        if (actual is { CanAskOnce: false, CardFirst: not false })
        {
            yield return "the firmware cannot be asked to start from USB once (no vcmailbox, or no /dev/vcio, as on mainline Linux), and would take a card that can boot before the SSD: somebody has to take the card out while the device restarts, or set BOOT_ORDER to 0xf14 beforehand";
        }

        if (actual is { StartsByUboot: true, Card: { Ours: false } stranger })
        {
            yield return $"U-Boot on the SSD tries the card before USB, and is told otherwise by a file on the card; {Words(stranger)} is not the one that the device runs from, and is left alone: somebody has to take it out before the device restarts";
        }
        else if (actual is { StartsByUboot: true, Card: { EnvironmentPartition: null } card })
        {
            yield return $"U-Boot on the SSD tries the card before USB, and cannot be asked otherwise: it takes its environment from partition 1 of {card.Path}, which has no FAT file system; somebody has to take the card out while the device restarts";
        }
    }

    /// <summary>A card that can boot and is not retired.</summary>
    private static IEnumerable<string> Left(FirstBootState actual)
    {
        if (actual.Card is not { Retired: false } card)
        {
            yield break;
        }

        if (card.InUse)
        {
            yield return $"the card {card.Path} is in use, and is not retired; unmount it, or take it out";
        }
        else if (!card.Ours && !card.FileSystems.IsEmpty)
        {
            yield return $"{Words(card)} is not proven to be the one that this installation came from, and is left alone; take it out if the device is not to start from it";
        }
    }

    private static string Words(FirstBootCard card) => $"the card {card.Path} (number {card.Number ?? "not told"}, table {card.Id})";

    private static string? TellsUboot(FirstBootState actual) => actual is { StartsByUboot: true, Card: { Ours: true } card } ? card.EnvironmentPartition : null;

    private static bool Retires(FirstBootArgs desired, FirstBootState actual) =>
        desired.RetireCard && actual.Unproven.IsEmpty && actual.Card is { Ours: true, Retired: false, InUse: false, FileSystems.IsEmpty: false };

    private static Step Retire(FirstBootCard card) => new(
        $"retire the card {card.Path}, after a last look that it is the one that this installation came from: rename to *.retired what firmware and U-Boot would start, on {string.Join(", ", card.FileSystems)}, and overwrite its identity{(card.IdentityPartition is null ? " (it has none)" : "")}",
        Script.Of(FirstBootScripts.Retire(card)) with { Idempotent = true, Deadline = TimeSpan.FromMinutes(3) })
    {
        Rechecks = true,
        WhenItFails = "the SSD works; take the card out of the device, and run up again",
    };

    private static IEnumerable<PropertyChange> Device(FirstBootArgs desired, FirstBootState actual) =>
        desired.Device == actual.Device ? [] : [new PropertyChange("device", ChangeKind.Update, actual.Device, desired.Device)];

    /// <summary>What to try when something is not proven.</summary>
    public static string Advice(string about) => about switch
    {
        "root" => "the system runs from somewhere else; look at zpool status and at root= in /proc/cmdline",
        "pool" => "another pool of that name was imported; look at zpool import, and unplug the other disk",
        "medium" => "the firmware took the card; take it out or set BOOT_ORDER to 0xf14, and restart",
        "system" => "the boot files lead to another system; run up for the NixosSystem",
        "wifi" => "run up for the WifiProfile",
        "time" => "look at timedatectl: certificates are not valid by a wrong clock",
        _ => "look at it on the device",
    };
}
