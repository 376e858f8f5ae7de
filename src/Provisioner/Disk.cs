using Pulumi;

namespace Provisioner;

/// <summary>
/// A disk, known by its name in /dev/disk/by-id and its serial number, with a GPT, an EFI system partition and a partition for
/// a ZFS pool. A disk that has this layout is taken over; one that holds anything else is wiped only with consent, and never
/// while it is in use.
/// </summary>
public sealed class Disk : CustomResource
{
    /// <param name="name">A name that no other Disk of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public Disk(string name, DiskArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:Disk", name, args, options)
    {
    }

    /// <summary>The disk's name in /dev/disk/by-id.</summary>
    [Output("byId")]
    public Output<string> ById { get; private set; } = null!;

    /// <summary>Its serial number.</summary>
    [Output("serial")]
    public Output<string> Serial { get; private set; } = null!;

    /// <summary>Its size in bytes.</summary>
    [Output("size")]
    public Output<double> Size { get; private set; } = null!;

    /// <summary>Its model; null when it does not say.</summary>
    [Output("model")]
    public Output<string?> Model { get; private set; } = null!;

    /// <summary>The EFI system partition: a path in /dev/disk/by-partuuid.</summary>
    [Output("espPartition")]
    public Output<string> EspPartition { get; private set; } = null!;

    /// <summary>The partition for the pool: a path in /dev/disk/by-partuuid, for the devices of a pool.</summary>
    [Output("poolPartition")]
    public Output<string> PoolPartition { get; private set; } = null!;
}

/// <summary>The inputs of a <see cref="Disk"/>.</summary>
public sealed class DiskArgs : ResourceArgs
{
    private InputMap<string>? _consent;

    /// <summary>The device: the <see cref="Provisioner.Device.Address"/> of a <see cref="Provisioner.Device"/>, or <c>local:</c> for a disk of this machine.</summary>
    [Input("device", required: true)]
    public Input<string> Device { get; set; } = null!;

    /// <summary>
    /// Its name in /dev/disk/by-id, such as <c>usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0</c>; not that of a partition.
    /// Another one replaces the resource.
    /// </summary>
    [Input("byId", required: true)]
    public Input<string> ById { get; set; } = null!;

    /// <summary>
    /// Its serial number, as <c>lsblk -o NAME,SERIAL</c> prints it. When the name leads to a disk with another one, nothing is
    /// done. Another one replaces the resource.
    /// </summary>
    [Input("serial", required: true)]
    public Input<string> Serial { get; set; } = null!;

    /// <summary>Size of the EFI system partition in MiB, 64 to 65536; 512 when left out. Another one cannot be had without wiping the disk.</summary>
    [Input("espSizeMiB")]
    public Input<int>? EspSizeMiB { get; set; }

    /// <summary>Label of the FAT32 file system in the EFI system partition: 1 to 11 of the characters A-Z, 0-9, _ and -; <c>BOOT</c> when left out.</summary>
    [Input("espLabel")]
    public Input<string>? EspLabel { get; set; }

    /// <summary>
    /// Name of the EFI system partition in the GPT, by which it is found in /dev/disk/by-partlabel: 1 to 36 of the characters A-Z,
    /// a-z, 0-9, ., _ and -; <c>esp-</c> and the serial number when left out. For a flake that mounts /boot by a name of its own.
    /// </summary>
    [Input("espPartitionLabel")]
    public Input<string>? EspPartitionLabel { get; set; }

    /// <summary>Name of the pool's partition in the GPT, such as disko's <c>disk-main-zfs</c>; <c>zfs-</c> and the serial number when left out.</summary>
    [Input("poolPartitionLabel")]
    public Input<string>? PoolPartitionLabel { get; set; }

    /// <summary>
    /// GUID of the EFI system partition, to take over a layout that others made; together with <see cref="PoolPartitionId"/>.
    /// Sizes, names, types and the disk's GUID are then left as they are.
    /// </summary>
    [Input("espPartitionId")]
    public Input<string>? EspPartitionId { get; set; }

    /// <summary>GUID of the partition for the pool, to take over a layout that others made; together with <see cref="EspPartitionId"/>.</summary>
    [Input("poolPartitionId")]
    public Input<string>? PoolPartitionId { get; set; }

    /// <summary>What makes the layout; <see cref="DiskTool.Native"/> when left out.</summary>
    [Input("tool")]
    public Input<DiskTool>? Tool { get; set; }

    /// <summary>
    /// With <see cref="DiskTool.Disko"/>: the text of a disko file in place of the generated one. It names this one disk by its
    /// /dev/disk/by-id path, and gives its partitions, by <c>uuid</c>, the GUIDs <see cref="EspPartitionId"/> and
    /// <see cref="PoolPartitionId"/>.
    /// </summary>
    [Input("diskoFile")]
    public Input<string>? DiskoFile { get; set; }

    /// <summary>
    /// Consent to lose what is on the disk: the token that the preview prints, under the disk's serial number. It is bound to
    /// what was seen there.
    /// </summary>
    [Input("consent")]
    public InputMap<string>? Consent
    {
        get => _consent ??= [];
        set => _consent = value;
    }

    /// <summary>What happens to the disk when the resource is deleted; <see cref="DiskDeletion.Keep"/> when left out.</summary>
    [Input("onDelete")]
    public Input<DiskDeletion>? OnDelete { get; set; }
}

/// <summary>What makes the layout of a disk.</summary>
[EnumType]
public readonly record struct DiskTool
{
    private readonly string _value;

    private DiskTool(string value) => _value = value;

    /// <summary>sgdisk and mkfs.vfat.</summary>
    public static DiskTool Native { get; } = new("native");

    /// <summary>disko, which must be on the device.</summary>
    public static DiskTool Disko { get; } = new("disko");

    public static explicit operator string(DiskTool value) => value._value;

    public override string ToString() => _value;
}

/// <summary>What happens to a disk when its resource is deleted.</summary>
[EnumType]
public readonly record struct DiskDeletion
{
    private readonly string _value;

    private DiskDeletion(string value) => _value = value;

    /// <summary>It is left as it is.</summary>
    public static DiskDeletion Keep { get; } = new("keep");

    /// <summary>It is wiped, with consent.</summary>
    public static DiskDeletion Destroy { get; } = new("destroy");

    public static explicit operator string(DiskDeletion value) => value._value;

    public override string ToString() => _value;
}
