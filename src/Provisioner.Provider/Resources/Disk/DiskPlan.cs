using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>What to do about a disk.</summary>
internal sealed record DiskPlan : ResourcePlan;

/// <summary>Makes the plan from inputs and state. Pure.</summary>
internal static class DiskPlanner
{
    public static DiskPlan Plan(DiskArgs desired, DiskState? actual)
    {
        var layout = DiskLayout.Of(desired);
        if (actual is null)
        {
            return new DiskPlan
            {
                Changes = [new PropertyChange("serial", ChangeKind.Add, null, desired.Serial)],
                Warnings = ["the device has not been seen yet; what is on the disk, and what would be done with it, is known once it answers"],
            };
        }

        var moved = Moved(desired, actual, layout).ToImmutableArray();
        if (moved.Any(change => change.Replaces))
        {
            return new DiskPlan { Changes = moved };
        }

        var plan = actual.Found.Doubts.IsEmpty ? OfDisk(desired, actual, layout) : Doubted(actual);
        return plan with { Changes = [.. moved, .. plan.Changes], Refusals = [.. plan.Steps.IsEmpty ? [] : Twin(desired, actual), .. plan.Refusals] };
    }

    /// <summary>Wipes a disk that may be wiped; else the reasons why not.</summary>
    /// <returns>The step, the reasons, and the consent under which it is wiped, or would be.</returns>
    public static (ImmutableArray<Step> Steps, ImmutableArray<Refusal> Refusals, string? Token) Wipe(DiskArgs desired, DiskState actual, DiskLayout layout, string? otherwise)
    {
        var what = $"wipe the disk {actual.ById} ({actual.Serial})";
        if (!actual.Found.Unseen.IsEmpty)
        {
            return ([], [NotSeen(actual, what)], null);
        }

        var subject = DiskConsent.OfDisk(actual);
        if (!actual.Found.InUse.IsEmpty)
        {
            return ([], [Refusal(what, actual.Found.InUse, subject, "make it free first, and look again; no consent helps while it is in use", otherwise)], null);
        }

        var token = DiskConsent.MayGoOn(actual, desired.Consent) ? actual.Found.WipeBegun! : ConsentToken.Of(subject);
        var refusal = token == actual.Found.WipeBegun ? null : ConsentCheck.Of(subject, desired.Consent, what);
        return (
            [DiskScripts.Wipe(actual, layout, token)],
            refusal is null ? [] : [otherwise is null ? refusal : refusal with { Next = $"{refusal.Next}\n{otherwise}" }],
            token);
    }

    /// <summary>Nothing is written to one of several disks with one serial number before a person has said which.</summary>
    private static IEnumerable<Refusal> Twin(DiskArgs desired, DiskState actual)
    {
        var others = actual.Found.Twins;
        if (!others.IsEmpty && ConsentCheck.Of(DiskConsent.OfTwin(actual), desired.Consent, $"take {actual.ById} for the disk that is meant") is { } refusal)
        {
            yield return refusal with
            {
                Why = $"{(others.Length + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)} disks have the serial number {actual.Serial}: {string.Join(", ", others.Select(other => other.ById).Prepend(actual.ById))}; only the name tells them apart\n{refusal.Why}",
                Next = $"unplug the other one; or, {refusal.Next}",
            };
        }
    }

    private static IEnumerable<PropertyChange> Moved(DiskArgs desired, DiskState actual, DiskLayout layout)
    {
        PropertyChange? Of(string path, string old, string wanted, bool replaces = false) =>
            old == wanted ? null : new PropertyChange(path, ChangeKind.Update, old, wanted) { Replaces = replaces };
        PropertyChange?[] changes =
        [
            Of("device", actual.Device, desired.Device),
            Of("byId", actual.ById, desired.ById, replaces: true),
            Of("serial", actual.Serial, desired.Serial, replaces: true),
            Of("espPartition", actual.EspPartition, layout.EspPath),
            Of("poolPartition", actual.PoolPartition, layout.PoolPath),
        ];
        return changes.OfType<PropertyChange>();
    }

    private static DiskPlan Doubted(DiskState actual) => new()
    {
        Changes =
        [
            .. actual.Found.Doubts.Select(doubt => new PropertyChange("disk", ChangeKind.Update, "not proven to be the one", actual.Serial) { Because = doubt }),
        ],
        Refusals = [Refusal($"do anything with the disk {actual.ById} ({actual.Serial})", actual.Found.Doubts, null, "attach the right disk, or correct byId and serial: on the device, lsblk -o NAME,SIZE,MODEL,SERIAL and ls -l /dev/disk/by-id show what is there", null)],
    };

    private static DiskPlan OfDisk(DiskArgs desired, DiskState actual, DiskLayout layout)
    {
        var found = actual.Found;
        if (found.LayoutBegun && !layout.IsTakenOver)
        {
            return Anew(desired, actual, layout, [Table(actual, "gpt of this layout")], null);
        }

        if (!found.Unseen.IsEmpty)
        {
            return Damaged(desired, actual, layout);
        }

        if (layout.IsTakenOver)
        {
            return TakenOver(desired, actual, layout);
        }

        if (!DiskComparison.IsOurs(found, layout))
        {
            return Anew(desired, actual, layout, [Table(actual, "gpt of this layout")], null);
        }

        var difference = DiskComparison.Compare(actual, layout, desired.Tool == DiskTool.Native);
        return difference.IsBeyondRepair
            ? Anew(desired, actual, layout, difference.Changes, "or leave the disk as it is, and set espPartitionId and poolPartitionId to its partitions' GUIDs: lsblk -o NAME,SIZE,PARTLABEL,PARTUUID shows them")
            : Mend(desired, actual, layout, difference);
    }

    /// <summary>The table's copy names partitions that the kernel does not know. A table of ours is written again from it, which loses nothing.</summary>
    private static DiskPlan Damaged(DiskArgs desired, DiskState actual, DiskLayout layout)
    {
        var found = actual.Found;
        var change = new PropertyChange("table", ChangeKind.Update, $"damaged; its copy names {string.Join(", ", found.Unseen.Select(DiskText.Of))}", "whole")
        {
            Because = "as when the power was cut while it was written",
        };
        if (found.TableId != layout.TableId && !found.Unseen.Any(partition => partition.Id == layout.EspId || partition.Id == layout.PoolId))
        {
            return new DiskPlan { Changes = [change], Refusals = [NotSeen(actual, $"do anything with the disk {actual.ById} ({actual.Serial})")] };
        }

        return found.InUse.IsEmpty
            ? new DiskPlan
            {
                Changes = [change],
                Steps = [DiskScripts.Restore(actual), .. layout.IsTakenOver ? Array.Empty<Step>() : [DiskScripts.FileSystem(actual, layout, isFirst: false, agreed: false)]],
            }
            : new DiskPlan { Changes = [change], Refusals = [Refusal($"write the partition table of {actual.ById} ({actual.Serial}) again", found.InUse, null, "make it free first, and look again", null)] };
    }

    private static Refusal NotSeen(DiskState actual, string what) => Refusal(
        what,
        [$"its partition table is damaged, and what is in the partitions that the table's copy names cannot be seen: {string.Join(", ", actual.Found.Unseen.Select(DiskText.Of))}"],
        null,
        $"on the device, sgdisk --disk-guid={actual.Found.TableId} /dev/disk/by-id/{actual.ById} writes the table again from its copy; or, if nothing there is of worth, wipefs -a /dev/disk/by-id/{actual.ById}. Then look again",
        null);

    private static DiskPlan TakenOver(DiskArgs desired, DiskState actual, DiskLayout layout)
    {
        var found = actual.Found;
        DiskPartition? Of(string id) => found.Table == "gpt" ? found.Partitions.FirstOrDefault(partition => partition.Id == id) : null;
        ImmutableArray<PropertyChange> missing =
        [
            .. Of(layout.EspId) is null ? [new PropertyChange("espPartition", ChangeKind.Add, null, layout.EspId) { Because = "no partition on the disk has this GUID" }] : Array.Empty<PropertyChange>(),
            .. Of(layout.PoolId) is null ? [new PropertyChange("poolPartition", ChangeKind.Add, null, layout.PoolId) { Because = "no partition on the disk has this GUID" }] : Array.Empty<PropertyChange>(),
        ];
        if (!missing.IsEmpty)
        {
            return desired.DiskoFile is not null
                ? Anew(desired, actual, layout, missing, null)
                : new DiskPlan
                {
                    Changes = missing,
                    Refusals = [Refusal($"take over the layout of the disk {actual.ById} ({actual.Serial})", [.. missing.Select(change => change.ToString())], DiskConsent.OfDisk(actual), "correct the GUIDs (lsblk -o NAME,PARTLABEL,PARTUUID shows them), or leave both out to have the layout made", null)],
                };
        }

        var esp = Of(layout.EspId)!;
        return esp.Content.FileSystem == "vfat" && esp.Type == DiskLayout.EspType ? new DiskPlan() : new DiskPlan
        {
            Changes = [new PropertyChange("espFileSystem", ChangeKind.Update, $"{DiskText.Of(esp.Content)} in a partition of the type {esp.Type}", $"vfat in a partition of the type {DiskLayout.EspType}") { Because = "firmware boots from a FAT file system in an EFI system partition" }],
            Refusals = [Refusal($"use {DiskText.Of(esp)} as EFI system partition", [$"it holds {DiskText.Of(esp.Content)} and has the type {esp.Type}"], null, "correct espPartitionId, or make it one yourself: this layout is others' work, and is not changed", null)],
        };
    }

    /// <summary>The whole layout, on a disk that is blank or will be wiped.</summary>
    private static DiskPlan Anew(DiskArgs desired, DiskState actual, DiskLayout layout, ImmutableArray<PropertyChange> changes, string? otherwise)
    {
        // disko begins on a blank disk only.
        var isFree = actual.Found.Blank || (actual.Found.LayoutBegun && desired.Tool == DiskTool.Native);
        var (steps, refusals, token) = actual.Found switch
        {
            { InUse.IsEmpty: true } when isFree => ([], [], null),
            { } found when isFree => (ImmutableArray<Step>.Empty, (ImmutableArray<Refusal>)[Refusal($"partition the disk {actual.ById} ({actual.Serial})", found.InUse, null, "make it free first, and look again", null)], null),
            _ => Wipe(desired, actual, layout, otherwise),
        };
        if (actual.Found.LacksDisko)
        {
            return new DiskPlan { Changes = changes, Refusals = [NoDisko(actual), .. refusals] };
        }

        return new DiskPlan
        {
            Changes = changes,
            Refusals = refusals,
            Steps = steps.IsEmpty && !refusals.IsEmpty ? [] : [.. steps, .. Layout(desired, actual, layout, token)],
        };
    }

    private static Refusal NoDisko(DiskState actual) => Refusal(
        $"have disko make the layout on the disk {actual.ById} ({actual.Serial})",
        ["there is no disko on the device"],
        null,
        "use the tool native, which makes the same layout without it; or put disko into the device's system (environment.systemPackages; on a card, into the flake that its image is built from)",
        null);

    private static IEnumerable<Step> Layout(DiskArgs desired, DiskState actual, DiskLayout layout, string? wiped)
    {
        if (desired.Tool == DiskTool.Disko)
        {
            yield return DiskScripts.Disko(actual, layout, desired.DiskoFile ?? DiskoFile.Write(actual.ById, layout, actual.Size), desired.DiskoFile is null, wiped);
            yield break;
        }

        yield return DiskScripts.Table(actual, layout, wiped);
        yield return DiskScripts.FileSystem(actual, layout, isFirst: false, agreed: false);
    }

    private static DiskPlan Mend(DiskArgs desired, DiskState actual, DiskLayout layout, DiskDifference difference)
    {
        if (difference.Changes.IsEmpty)
        {
            return new DiskPlan();
        }

        var refusals = new List<Refusal>();
        var steps = new List<Step>();
        if ((difference.MakesFileSystem || difference.Relabels || difference.Foreign is not null) && !actual.Found.EspInUse.IsEmpty)
        {
            refusals.Add(Refusal($"change the file system of the EFI system partition of {actual.ById} ({actual.Serial})", actual.Found.EspInUse, null, "unmount it first, and look again", null));
        }
        else if (difference.Foreign is { } foreign)
        {
            var what = $"make the file system of the EFI system partition of {actual.ById} ({actual.Serial}) anew";
            if (ConsentCheck.Of(DiskConsent.OfEsp(actual, foreign), desired.Consent, what) is { } refusal)
            {
                refusals.Add(refusal);
            }

            steps.Add(DiskScripts.FileSystem(actual, layout, isFirst: true, agreed: true));
        }

        if (!difference.Arguments.IsEmpty)
        {
            steps.Add(DiskScripts.Amend(actual, difference.Arguments, difference.Words, isFirst: steps.Count == 0));
        }

        if (difference.MakesFileSystem)
        {
            steps.Add(DiskScripts.FileSystem(actual, layout, isFirst: steps.Count == 0, agreed: false));
        }

        if (difference.Relabels)
        {
            steps.Add(DiskScripts.Label(actual, layout, isFirst: steps.Count == 0));
        }

        return new DiskPlan { Changes = difference.Changes, Steps = [.. steps], Refusals = [.. refusals] };
    }

    private static PropertyChange Table(DiskState actual, string wanted)
    {
        var found = actual.Found;
        var there = found.WipeBegun is not null ? "a wipe that was begun"
            : found.LayoutBegun ? "a layout that was begun"
            : found.Blank ? "blank"
            : found.Table is null ? DiskText.Of(found.Content)
            : $"{found.Table} {found.TableId} with {string.Join(", ", found.Partitions.Select(DiskText.Of))}".Trim();
        return new PropertyChange("table", ChangeKind.Update, there, wanted);
    }

    private static Refusal Refusal(string what, ImmutableArray<string> why, ConsentSubject? subject, string next, string? otherwise) => new(what)
    {
        Why = string.Join('\n', why),
        Facts = subject is null ? [] : [.. subject.Facts.Select(fact => fact.ToString())],
        Losses = subject?.Losses ?? [],
        Next = otherwise is null ? next : $"{next}\n{otherwise}",
    };
}
