using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>
/// The steps that write to a disk. Each finds the disk by its name, holds it, and compares it, in the same script and right in front
/// of its first write: the first one with all that the plan was made from, those behind it with what the one before has left. Whatever
/// waits comes before that last look, and everything is written by the descriptor that is held: a disk that takes the name meanwhile
/// is another one, and is not met.
/// </summary>
internal static class DiskScripts
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Goes on only when the kernel lets go of the disk: it refuses to read the table again while any of its partitions is open,
    /// also by another mount namespace, whose mounts cannot be seen from here.
    /// </summary>
    private static Shell NobodyUsesIt { get; } = Shell.Of(
        $$"""
        if ! e=$(blockdev --rereadpt "$d" 2>&1); then
        case $e in *busy*) printf 'nothing was done: the kernel says that the disk, or one of its partitions, is in use: %s\n' "$e" >&2; exit 76 ;; esac
        fi
        udevadm settle --timeout=30 || :
        """);

    /// <summary>
    /// wipefs opens exclusively what it would clear, here without clearing anything: the kernel refuses while it is mounted anywhere, or
    /// belongs to anything else that it knows of.
    /// </summary>
    private static Shell Alone(Shell path) => Shell.Of(
        $$"""
        if ! e=$(wipefs --all --no-act {{path}} 2>&1); then printf 'nothing was done: the kernel says that it is in use, or cannot be opened: %s\n' "$e" >&2; exit 76; fi
        """);

    private static readonly Shell TheDisk = Shell.Of($"\"$d\"");
    private static readonly Shell ThePartition = Shell.Of($"\"$q\"");

    /// <summary>
    /// Has the kernel and udev take note of a changed table. A partition in use keeps the kernel from reading the whole table
    /// again, but not from taking in the others one by one.
    /// </summary>
    private static Shell TakeNote { get; } = Shell.Of(
        $$"""
        exec 8<&-
        sync
        blockdev --rereadpt "$d" 2>/dev/null || partx -u "/dev/$n" 2>/dev/null || :
        udevadm trigger --action=change --sysname-match="$n*" || :
        udevadm settle --timeout=30 || :
        """);

    /// <summary>
    /// Wipes. First a mark takes the place of the table, and stays until another table is made: when the power is cut in between, the
    /// disk itself tells under which consent it was being wiped.
    /// </summary>
    public static Step Wipe(DiskState state, DiskLayout layout, string token) => new(
        $"wipe the disk {state.ById} ({DiskText.Size(state.Size)}), after a last look that it is still as shown: every signature, the partition table, and where partitions will begin and end",
        Run(DiskLook.Find(state.ById), NobodyUsesIt, DiskLook.That(state.Serial, state.Found.Digest ?? ""), Alone(TheDisk), Clear(layout.PoolStartMiB, token), TakeNote))
    {
        Rechecks = true,
        WhenItFails = "run up again with the same consent: a wipe that was begun goes on",
    };

    /// <summary>Has sgdisk write a table of which only the copy is whole: it does so whatever it changes, and this changes nothing.</summary>
    public static Step Restore(DiskState state) => new(
        "write the partition table again from its copy at the end of the disk. What is in the partitions stays as it is",
        Run(DiskLook.Find(state.ById), DiskLook.That(state.Serial, state.Found.Digest ?? ""), FromCopy(state.Found.TableId ?? ""), TakeNote))
    {
        Rechecks = true,
    };

    /// <summary>Makes the table on a disk that is blank, or on which making it was begun. Until the file system is whole the EFI system partition has a name that says so.</summary>
    /// <param name="state">The disk.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="wiped">Under which consent it was wiped in front of this; null when it was not.</param>
    public static Step Table(DiskState state, DiskLayout layout, string? wiped = null) => new(
        $"make a GPT on it: partition 1 \"{layout.EspName}\" (EFI system, {DiskText.Size((long)layout.EspMiB << 20)}), partition 2 \"{layout.PoolName}\" (for the pool, {DiskText.Size(layout.PoolMiB(state.Size) << 20)})",
        Run(
            DiskLook.Find(state.ById),
            Bare(state, wiped),
            Alone(TheDisk),
            NewTable(layout, state.Size),
            Unmark,
            TakeNote,
            Links(layout.EspPath, layout.PoolPath),
            NothingIn(layout.EspPath, layout.PoolPath)))
    {
        Rechecks = true,
    };

    /// <summary>Has disko make the layout on a blank disk.</summary>
    public static Step Disko(DiskState state, DiskLayout layout, string file, bool generated, string? wiped = null) => new(
        $"have disko make the layout, from {(generated ? "a file made from these inputs" : "the file given")}: disko --mode destroy,format,mount --yes-wipe-all-disks (the disk is blank by then)",
        Run(
            DiskLook.Find(state.ById),
            DiskoScripts.Guards(state.ById),
            Bare(state, wiped),
            Alone(TheDisk),
            DiskLook.StillNamed(state.ById),
            generated ? Shell.Lines(DiskoScripts.Make, DiskoScripts.Unmount) : DiskoScripts.Make,
            TakeNote,
            Links(layout.EspPath, layout.PoolPath)) with { Stdin = Payload.Plain(file), Deadline = TimeSpan.FromMinutes(15) })
    {
        Rechecks = true,
    };

    /// <summary>Changes the table's entries, and nothing in the partitions.</summary>
    /// <param name="state">The disk.</param>
    /// <param name="sgdisk">What is changed, as sgdisk's arguments.</param>
    /// <param name="what">The same, for people.</param>
    /// <param name="isFirst">Compare the disk with all that was found.</param>
    public static Step Amend(DiskState state, ImmutableArray<string> sgdisk, ImmutableArray<string> what, bool isFirst) => new(
        $"in the partition table: {string.Join("; ", what)}. What is in the partitions stays as it is",
        Run(
            DiskLook.Find(state.ById),
            Look(state, isFirst),
            Shell.Of($"sgdisk {sgdisk} \"$d\" >/dev/null"),
            TakeNote))
    {
        Rechecks = true,
    };

    /// <summary>Gives the file system another label.</summary>
    public static Step Label(DiskState state, DiskLayout layout, bool isFirst) => new(
        $"label the file system in the EFI system partition \"{layout.EspLabel}\"",
        Run(
            DiskLook.Find(state.ById),
            Links(layout.EspPath),
            Look(state, isFirst),
            Alone(ThePartition),
            Shell.Of($"fatlabel \"$q\" {layout.EspLabel} >/dev/null"),
            TakeNote))
    {
        Rechecks = true,
    };

    /// <summary>
    /// Makes the file system, and gives the partition its name last. Whatever is there already is left alone, unless it is an
    /// unfinished one of ours, or a person agreed to its loss.
    /// </summary>
    /// <param name="state">The disk.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="isFirst">Compare the disk with all that was found.</param>
    /// <param name="agreed">The file system that is there now may go. Only as the first step.</param>
    public static Step FileSystem(DiskState state, DiskLayout layout, bool isFirst, bool agreed) => new(
        agreed
            ? $"make a FAT32 file system \"{layout.EspLabel}\" in the EFI system partition in place of what is there, after a last look that it is still as shown"
            : $"make a FAT32 file system \"{layout.EspLabel}\" in the EFI system partition, unless there is one",
        Run(
            DiskLook.Find(state.ById),
            Links(layout.EspPath),
            Look(state, isFirst || agreed),
            agreed ? Shell.Of($"make=y\n") : MayMake(layout),
            Shell.Of($"number=$(cat \"/sys/class/block/$k/partition\")"),
            Shell.Of(
                $$"""
                if [ -n "$make" ]; then
                {{Alone(ThePartition)}}
                sgdisk --change-name="$number":{{layout.UnfinishedName}} "$d" >/dev/null
                {{MakeFat(layout)}}
                fi
                sgdisk --change-name="$number":{{layout.EspName}} "$d" >/dev/null
                """),
            TakeNote))
    {
        Rechecks = true,
    };

    /// <summary>
    /// One call of sgdisk, which writes the copy at the disk's end first; the kernel may bring the sectors to the disk in any order.
    /// So a mark goes ahead, in the place of a boot loader, which sgdisk leaves as it is: when the power is cut, it tells that
    /// nothing but a piece of this table is there. What such a piece may have left at either end is cleared, for sgdisk refuses a
    /// table that is half there.
    /// </summary>
    internal static Shell NewTable(DiskLayout layout, long size) => Shell.Of(
        $$"""
        printf '%s%s\n' {{BlockScript.LayoutMark}} {{layout.TableId}} | dd of="$d" bs=4096 count=1 conv=sync,fsync,notrunc 2>/dev/null
        dd if=/dev/zero of="$d" bs=4096 seek=1 count=255 conv=fsync,notrunc 2>/dev/null
        dd if=/dev/zero of="$d" bs=1M oflag=seek_bytes seek={{size - (1 << 20)}} count=1 conv=fsync,notrunc 2>/dev/null
        sgdisk --clear {{(ImmutableArray<string>)[$"--disk-guid={layout.TableId}", .. NewEsp(layout, layout.UnfinishedName), .. NewPool(layout, size)]}} "$d" >/dev/null
        """);

    /// <summary>Takes the mark away, once the table is on the disk. In front of <see cref="TakeNote"/>, for udev looks anew at a disk that was written to.</summary>
    internal static Shell Unmark { get; } = Shell.Of($"dd if=/dev/zero of=\"$d\" bs=440 count=1 conv=fsync,notrunc 2>/dev/null");

    internal static Shell FromCopy(string tableId) => Shell.Of($"sgdisk {$"--disk-guid={tableId}"} \"$d\" >/dev/null");

    /// <summary>sgdisk's arguments for the EFI system partition.</summary>
    internal static ImmutableArray<string> NewEsp(DiskLayout layout, string name) =>
        [$"--new=1:1M:+{layout.EspMiB}M", $"--typecode=1:{DiskLayout.EspType}", $"--partition-guid=1:{layout.EspId}", $"--change-name=1:{name}"];

    /// <summary>sgdisk's arguments for the pool's partition.</summary>
    internal static ImmutableArray<string> NewPool(DiskLayout layout, long size) =>
        [$"--new=2:{layout.PoolStartMiB}M:+{layout.PoolMiB(size)}M", $"--typecode=2:{DiskLayout.PoolType}", $"--partition-guid=2:{layout.PoolId}", $"--change-name=2:{layout.PoolName}"];

    /// <summary>
    /// Clears <c>$d</c>, whose kernel name is <c>$n</c>. Old labels where a partition will begin or end (a member of a pool has them at
    /// either end) would come to light again, so those places are cleared too. The mark stays: the middle of the disk holds what it held, and only the mark tells that
    /// somebody agreed to its loss.
    /// </summary>
    internal static Shell Clear(long poolStartMiB, string token) => Shell.Of(
        $$"""
        printf '%s%s\n' {{BlockScript.Mark}} {{token}} | dd of="$d" bs=4096 count=1 conv=sync,fsync,notrunc 2>/dev/null
        dd if=/dev/zero of="$d" bs=4096 seek=1 count=255 conv=fsync,notrunc 2>/dev/null
        for q in /sys/class/block/"$n"/"$n"*; do
        if [ -e "$q/partition" ]; then
        exec 8<"/dev/${q##*/}"
        if ! held 8 "$q"; then printf '%s is not the node of a partition of this disk\n' "/dev/${q##*/}" >&2; exit 1; fi
        wipefs -a -q "/proc/$$/fd/8"
        exec 8<&-
        fi
        done
        wipefs -a -q "$d"
        dd if=/dev/zero of="$d" bs=1M seek=1 count=7 conv=fsync,notrunc 2>/dev/null
        dd if=/dev/zero of="$d" bs=1M seek={{poolStartMiB - 1}} count=5 conv=fsync,notrunc 2>/dev/null
        z=$(blockdev --getsize64 "$d")
        dd if=/dev/zero of="$d" bs=1M oflag=seek_bytes seek="$((z - 4194304))" count=4 conv=fsync,notrunc 2>/dev/null
        """);

    /// <summary>Makes a FAT32 file system in <c>$q</c>. Signatures of others go first: FAT leaves sectors between its own as they are.</summary>
    internal static Shell MakeFat(DiskLayout layout) => Shell.Of(
        $$"""
        wipefs -a -q "$q"
        mkfs.vfat -F 32 -n {{layout.EspLabel}} -i {{layout.VolumeId}} "$q" >/dev/null
        sync
        """);

    /// <summary>
    /// Waits until udev has made the links, and sees that they lead to partitions of this disk. The last one is held: its kernel name is
    /// in <c>$k</c>, its open descriptor in <c>$q</c>.
    /// </summary>
    private static Shell Links(params ImmutableArray<string> paths) => Shell.Of(
        $$"""
        for w in {{paths}}; do
        i=0
        until [ -b "$w" ]; do
        i=$((i + 1))
        if [ "$i" -gt 50 ]; then printf '%s has not appeared within 10 s\n' "$w" >&2; exit 1; fi
        sleep 0.2
        done
        q=$(readlink -f "$w")
        k=${q#/dev/}
        if [ ! -e "/sys/class/block/$n/$k/partition" ]; then printf '%s leads to %s, which is not on this disk (%s)\n' "$w" "$q" "$n" >&2; exit 76; fi
        exec 8<"$q"
        if ! held 8 "/sys/class/block/$n/$k"; then printf '%s leads to %s, which is not the node of that partition\n' "$w" "$q" >&2; exit 76; fi
        done
        q=/proc/$$/fd/8
        """);

    private static Shell NothingIn(params ImmutableArray<string> paths) => Shell.Of(
        $$"""
        for w in {{paths}}; do
        r=0
        blkid -p "$w" >/dev/null 2>&1 || r=$?
        if [ "$r" -eq 8 ]; then printf 'in the new partition %s more than one old content has come to light: %s\n' "$w" "$(wipefs -n -p "$w" | sed 1d | tr '\n' ' ')" >&2; exit 76; fi
        case $(blkid -p "$w" || :) in *' TYPE="'*|*' PTTYPE="'*) printf 'in the new partition %s something old has come to light: %s\n' "$w" "$(blkid -p "$w")" >&2; exit 76 ;; esac
        done
        """);

    /// <summary>Sets <c>$make</c> when <c>$q</c> holds nothing, or an unfinished file system of ours.</summary>
    private static Shell MayMake(DiskLayout layout) => Shell.Of(
        $$"""
        make=
        x=$(blkid -p "$q") || :
        u={{layout.UnfinishedName}}
        v={{layout.VolumeUuid}}
        case $x in
        *' TYPE="'*|*' PTTYPE="'*) case $x in *" PART_ENTRY_NAME=\"$u\""*) case $x in *" UUID=\"$v\""*' TYPE="vfat"'*) make=y ;; esac ;; esac ;;
        *" PART_ENTRY_NAME=\"$u\""*) make=y ;;
        *) if cmp -s -n 1048576 "$q" /dev/zero; then make=y
        else printf 'nothing was done: the EFI system partition holds something that is not known by name\n' >&2; exit 76; fi ;;
        esac
        """);

    private static Shell Bare(DiskState state, string? wiped) => wiped is null
        ? DiskLook.That(state.Serial, state.Found.Digest ?? "")
        : DiskLook.That(state.Serial, state.Found.BlankDigest ?? "", DiskLook.WipedContent(wiped, state.Size));

    private static Shell Look(DiskState state, bool isFirst) => isFirst ? DiskLook.That(state.Serial, state.Found.Digest ?? "") : DiskLook.Same(state.Serial, state.Found.Twins);

    private static Script Run(params IEnumerable<Shell> pieces) => Script.Of(Shell.Lines(pieces)) with { Deadline = Deadline };
}
