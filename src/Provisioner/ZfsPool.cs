using System.Collections.Immutable;
using Pulumi;

namespace Provisioner;

/// <summary>
/// A ZFS pool, known by its GUID: made on devices that hold nothing, or imported and adopted when it lies there already. A pool
/// with the same name and another GUID is never imported, changed or destroyed.
/// </summary>
public sealed class ZfsPool : CustomResource
{
    /// <param name="name">A name that no other ZfsPool of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public ZfsPool(string name, ZfsPoolArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:ZfsPool", name, args, options)
    {
    }

    /// <summary>The pool's name.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>The pool's GUID in decimal, which binds datasets to this very pool.</summary>
    [Output("guid")]
    public Output<string> Guid { get; private set; } = null!;

    /// <summary><c>ONLINE</c>, <c>DEGRADED</c> and the like, as ZFS says; <c>EXPORTED</c>, <c>DESTROYED</c> or <c>MISSING</c> when it is not imported.</summary>
    [Output("health")]
    public Output<string> Health { get; private set; } = null!;

    /// <summary>Bytes of all devices.</summary>
    [Output("size")]
    public Output<double> Size { get; private set; } = null!;

    /// <summary>Bytes in use.</summary>
    [Output("allocated")]
    public Output<double> Allocated { get; private set; } = null!;

    /// <summary>Bytes left.</summary>
    [Output("free")]
    public Output<double> Free { get; private set; } = null!;

    /// <summary>What the pool is made of.</summary>
    [Output("vdevs")]
    public Output<ImmutableArray<ZfsPoolVdev>> Vdevs { get; private set; } = null!;

    /// <summary>Read, write and checksum errors of all devices since they were last cleared.</summary>
    [Output("errors")]
    public Output<double> Errors { get; private set; } = null!;

    /// <summary>The pool's properties that are managed or set, as ZFS shows them.</summary>
    [Output("properties")]
    public Output<ImmutableDictionary<string, string>> Properties { get; private set; } = null!;

    /// <summary>The root file system's properties that are managed or set, as ZFS shows them.</summary>
    [Output("fileSystemProperties")]
    public Output<ImmutableDictionary<string, string>> FileSystemProperties { get; private set; } = null!;

    /// <summary>What differs on the device from what was wanted last, by what it is about; empty when all is well.</summary>
    [Output("drift")]
    public Output<ImmutableDictionary<string, string>> Drift { get; private set; } = null!;
}

/// <summary>The inputs of a <see cref="ZfsPool"/>.</summary>
public sealed class ZfsPoolArgs : ResourceArgs
{
    private InputList<string>? _devices;
    private InputMap<string>? _properties;
    private InputMap<string>? _fileSystemProperties;
    private InputMap<string>? _consent;

    /// <summary>The device: the <see cref="Provisioner.Device.Address"/> of a <see cref="Provisioner.Device"/>, or <c>local:</c>.</summary>
    [Input("device", required: true)]
    public Input<string> Device { get; set; } = null!;

    /// <summary>The pool's name.</summary>
    [Input("name", required: true)]
    public Input<string> Name { get; set; } = null!;

    /// <summary>How the devices are put together, fixed once the pool is made; <see cref="ZfsLayout.Single"/> when left out.</summary>
    [Input("layout")]
    public Input<ZfsLayout>? Layout { get; set; }

    /// <summary>What the pool is made of: names that stay, in /dev/disk/by-partuuid or /dev/disk/by-id.</summary>
    [Input("devices", required: true)]
    public InputList<string> Devices
    {
        get => _devices ??= [];
        set => _devices = value;
    }

    /// <summary>Properties of the pool. <c>ashift</c> is 12 and <c>autotrim</c> is on when they are left out.</summary>
    [Input("properties")]
    public InputMap<string>? Properties
    {
        get => _properties ??= [];
        set => _properties = value;
    }

    /// <summary>Properties of the pool's root file system, which all datasets inherit. <c>mountpoint</c> is none when it is left out.</summary>
    [Input("fileSystemProperties")]
    public InputMap<string>? FileSystemProperties
    {
        get => _fileSystemProperties ??= [];
        set => _fileSystemProperties = value;
    }

    /// <summary>Tokens with which a person agrees to a loss, by the name in the preview.</summary>
    [Input("consent")]
    public InputMap<string>? Consent
    {
        get => _consent ??= [];
        set => _consent = value;
    }

    /// <summary>What happens to the pool when the resource is deleted; <see cref="ZfsPoolDeletion.Keep"/> when left out.</summary>
    [Input("onDelete")]
    public Input<ZfsPoolDeletion>? OnDelete { get; set; }
}

/// <summary>A part of a pool.</summary>
[OutputType]
public sealed class ZfsPoolVdev
{
    [OutputConstructor]
    private ZfsPoolVdev(string guid, string kind, string? path, string state, double errors)
    {
        Guid = guid;
        Kind = kind;
        Path = path;
        State = state;
        Errors = errors;
    }

    /// <summary>Its GUID.</summary>
    public string Guid { get; }

    /// <summary><c>disk</c>, <c>mirror</c>, <c>raidz1</c> and the like.</summary>
    public string Kind { get; }

    /// <summary>Where the device is now; null for a group of devices.</summary>
    public string? Path { get; }

    /// <summary><c>ONLINE</c>, <c>DEGRADED</c>, <c>FAULTED</c>, <c>OFFLINE</c>, <c>UNAVAIL</c> or <c>REMOVED</c>.</summary>
    public string State { get; }

    /// <summary>Read, write and checksum errors since they were last cleared.</summary>
    public double Errors { get; }
}

/// <summary>How the devices of a pool are put together.</summary>
[EnumType]
public readonly record struct ZfsLayout
{
    private readonly string _value;

    private ZfsLayout(string value) => _value = value;

    /// <summary>One device, or several without redundancy.</summary>
    public static ZfsLayout Single { get; } = new("single");

    /// <summary>Every device holds everything.</summary>
    public static ZfsLayout Mirror { get; } = new("mirror");

    /// <summary>One device may fail.</summary>
    public static ZfsLayout Raidz1 { get; } = new("raidz1");

    /// <summary>Two devices may fail.</summary>
    public static ZfsLayout Raidz2 { get; } = new("raidz2");

    /// <summary>Three devices may fail.</summary>
    public static ZfsLayout Raidz3 { get; } = new("raidz3");

    public static explicit operator string(ZfsLayout value) => value._value;

    public override string ToString() => _value;
}

/// <summary>What happens to a pool when the resource is deleted.</summary>
[EnumType]
public readonly record struct ZfsPoolDeletion
{
    private readonly string _value;

    private ZfsPoolDeletion(string value) => _value = value;

    /// <summary>It is exported; everything in it stays.</summary>
    public static ZfsPoolDeletion Keep { get; } = new("keep");

    /// <summary>It is destroyed, with consent.</summary>
    public static ZfsPoolDeletion Destroy { get; } = new("destroy");

    public static explicit operator string(ZfsPoolDeletion value) => value._value;

    public override string ToString() => _value;
}
