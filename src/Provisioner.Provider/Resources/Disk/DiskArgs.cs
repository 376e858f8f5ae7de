using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>What is wanted of a disk.</summary>
[Doc("A disk, known by its name in /dev/disk/by-id and its serial number, with a GPT, an EFI system partition and a partition for a ZFS pool. "
    + "A disk that has this layout is taken over; one that holds anything else is wiped only with consent, and never while it is in use.")]
internal sealed record DiskArgs : IOnDevice
{
    [Doc("The device: the `address` that a Device gives out (`ssh://root@lamp:22?hostKey=SHA256:…`), or `local:` for a disk of this machine.")]
    public required string Device { get; init; }

    [Doc("Its name in /dev/disk/by-id, such as `usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0`; not that of a partition.")]
    [Replaces]
    public required string ById { get; init; }

    [Doc("Its serial number, as `lsblk -o NAME,SERIAL` prints it. When the name leads to a disk with another one, nothing is done.")]
    [Replaces]
    public required string Serial { get; init; }

    [Doc("Size of the EFI system partition in MiB, 64 to 65536. Another one cannot be had without wiping the disk.")]
    public int EspSizeMiB { get; init; } = 512;

    [Doc("Label of the FAT32 file system in the EFI system partition: 1 to 11 of the characters A-Z, 0-9, _ and -.")]
    public string EspLabel { get; init; } = "BOOT";

    [Doc("Name of the EFI system partition in the GPT, by which it is found in /dev/disk/by-partlabel: 1 to 36 of the characters A-Z, a-z, 0-9, ., _ and -; `esp-` and the serial number when left out. For a flake that mounts /boot by a name of its own, such as `ESP`.")]
    public string? EspPartitionLabel { get; init; }

    [Doc("Name of the pool's partition in the GPT, such as disko's `disk-main-zfs`; `zfs-` and the serial number when left out.")]
    public string? PoolPartitionLabel { get; init; }

    [Doc("GUID of the EFI system partition, to take over a layout that others made; together with poolPartitionId. Sizes, names, types and the disk's GUID are then left as they are.")]
    public string? EspPartitionId { get; init; }

    [Doc("GUID of the partition for the pool, to take over a layout that others made; together with espPartitionId.")]
    public string? PoolPartitionId { get; init; }

    [Doc("What makes the layout.")]
    public DiskTool Tool { get; init; } = DiskTool.Native;

    [Doc("With the tool disko: the text of a disko file in place of the generated one. It names this one disk by its /dev/disk/by-id path, and gives its partitions, by `uuid`, the GUIDs espPartitionId and poolPartitionId.")]
    public string? DiskoFile { get; init; }

    [Doc("Consent to lose what is on the disk: the token that the preview prints, under the disk's serial number. It is bound to what was seen there.")]
    [Permission]
    public ImmutableSortedDictionary<string, string> Consent { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What happens to the disk when the resource is deleted.")]
    public DiskDeletion OnDelete { get; init; } = DiskDeletion.Keep;
}

/// <summary>What makes the layout.</summary>
internal enum DiskTool
{
    [Doc("sgdisk and mkfs.vfat.")]
    Native,

    [Doc("disko, which must be on the device.")]
    Disko,
}

/// <summary>What happens to the disk when the resource is deleted.</summary>
internal enum DiskDeletion
{
    [Doc("It is left as it is.")]
    Keep,

    [Doc("It is wiped, with consent.")]
    Destroy,
}
