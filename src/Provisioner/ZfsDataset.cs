using System.Collections.Immutable;
using Pulumi;

namespace Provisioner;

/// <summary>
/// A file system in a ZFS pool, known by its GUID. Properties are set, or inherited again; one that only a new file system can
/// have makes a replacement, in which the old one is renamed and kept, and which needs consent. Volumes cannot be made.
/// </summary>
public sealed class ZfsDataset : CustomResource
{
    /// <param name="name">A name that no other ZfsDataset of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public ZfsDataset(string name, ZfsDatasetArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:ZfsDataset", name, args, options)
    {
    }

    /// <summary>The name with the pool in front, as ZFS knows it.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>The pool's GUID.</summary>
    [Output("poolGuid")]
    public Output<string> PoolGuid { get; private set; } = null!;

    /// <summary>The file system's GUID.</summary>
    [Output("guid")]
    public Output<string> Guid { get; private set; } = null!;

    /// <summary>Where it is mounted: a folder, <c>legacy</c> or <c>none</c>.</summary>
    [Output("mountpoint")]
    public Output<string?> Mountpoint { get; private set; } = null!;

    /// <summary>Bytes of it, its snapshots and all below it.</summary>
    [Output("used")]
    public Output<double> Used { get; private set; } = null!;

    /// <summary>Bytes that it leads to now.</summary>
    [Output("referenced")]
    public Output<double> Referenced { get; private set; } = null!;

    /// <summary>Bytes that can still be written.</summary>
    [Output("available")]
    public Output<double> Available { get; private set; } = null!;

    /// <summary>The cipher; <c>off</c> for none.</summary>
    [Output("encryption")]
    public Output<string> Encryption { get; private set; } = null!;

    /// <summary>Whether the key is loaded: <c>available</c> or <c>unavailable</c>; <c>none</c> without encryption.</summary>
    [Output("keyStatus")]
    public Output<string> KeyStatus { get; private set; } = null!;

    /// <summary>The installation that it belongs to; null when nothing is noted on it.</summary>
    [Output("installation")]
    public Output<string?> Installation { get; private set; } = null!;

    /// <summary>Properties that are set on it, as ZFS shows them.</summary>
    [Output("properties")]
    public Output<ImmutableDictionary<string, string>> Properties { get; private set; } = null!;

    /// <summary>What differs on the device from what was wanted last, by what it is about; empty when all is well.</summary>
    [Output("drift")]
    public Output<ImmutableDictionary<string, string>> Drift { get; private set; } = null!;
}

/// <summary>The inputs of a <see cref="ZfsDataset"/>.</summary>
public sealed class ZfsDatasetArgs : ResourceArgs
{
    private InputMap<string>? _properties;
    private InputMap<string>? _consent;

    /// <summary>The device: the <see cref="Provisioner.Device.Address"/> of a <see cref="Provisioner.Device"/>, or <c>local:</c>.</summary>
    [Input("device", required: true)]
    public Input<string> Device { get; set; } = null!;

    /// <summary>The pool's name.</summary>
    [Input("pool", required: true)]
    public Input<string> Pool { get; set; } = null!;

    /// <summary>The pool's GUID, <see cref="ZfsPool.Guid"/>: another pool of the same name is not touched.</summary>
    [Input("poolGuid", required: true)]
    public Input<string> PoolGuid { get; set; } = null!;

    /// <summary>The path below the pool, such as <c>root</c> or <c>home/me</c>. Folders in between are made.</summary>
    [Input("name", required: true)]
    public Input<string> Name { get; set; } = null!;

    /// <summary>
    /// Properties that are set on it; all others are inherited. Among them <c>mountpoint</c>, <c>quota</c>, <c>reservation</c>,
    /// <c>recordsize</c>, <c>compression</c>, and users' own such as <c>com.sun:auto-snapshot</c>.
    /// </summary>
    [Input("properties")]
    public InputMap<string>? Properties
    {
        get => _properties ??= [];
        set => _properties = value;
    }

    /// <summary>The cipher: <c>on</c>, <c>aes-256-gcm</c> and the like. Null: encrypted only as the file system above it is.</summary>
    [Input("encryption")]
    public Input<string>? Encryption { get; set; }

    /// <summary>What the key is; <see cref="ZfsKeyFormat.Passphrase"/> when left out.</summary>
    [Input("keyFormat")]
    public Input<ZfsKeyFormat>? KeyFormat { get; set; }

    /// <summary>The key, a secret: a passphrase of 8 to 512 characters, or 64 hex digits. It reaches the device through standard input only.</summary>
    [Input("key")]
    public Input<string>? Key { get; set; }

    /// <summary>
    /// A name for the installation that it belongs to, noted on it as the property <c>provisioner:installation</c>. Under another
    /// name a new, empty file system is made, and the one that was there is renamed and kept; one that has no such note, only with
    /// consent. Null: it is the same for every installation.
    /// </summary>
    [Input("installation")]
    public Input<string>? Installation { get; set; }

    /// <summary>Whether it outlives an installation: under another name it is kept, with all that is in it.</summary>
    [Input("keep")]
    public Input<bool>? Keep { get; set; }

    /// <summary>Tokens with which a person agrees to a loss, by the name in the preview.</summary>
    [Input("consent")]
    public InputMap<string>? Consent
    {
        get => _consent ??= [];
        set => _consent = value;
    }

    /// <summary>What happens to the file system when the resource is deleted; <see cref="ZfsDatasetDeletion.Keep"/> when left out.</summary>
    [Input("onDelete")]
    public Input<ZfsDatasetDeletion>? OnDelete { get; set; }
}

/// <summary>What the key of an encrypted file system is.</summary>
[EnumType]
public readonly record struct ZfsKeyFormat
{
    private readonly string _value;

    private ZfsKeyFormat(string value) => _value = value;

    /// <summary>A text of 8 to 512 characters.</summary>
    public static ZfsKeyFormat Passphrase { get; } = new("passphrase");

    /// <summary>64 hex digits.</summary>
    public static ZfsKeyFormat Hex { get; } = new("hex");

    public static explicit operator string(ZfsKeyFormat value) => value._value;

    public override string ToString() => _value;
}

/// <summary>What happens to a file system when the resource is deleted.</summary>
[EnumType]
public readonly record struct ZfsDatasetDeletion
{
    private readonly string _value;

    private ZfsDatasetDeletion(string value) => _value = value;

    /// <summary>It stays where it is.</summary>
    public static ZfsDatasetDeletion Keep { get; } = new("keep");

    /// <summary>It is destroyed with all below it and its snapshots, with consent.</summary>
    public static ZfsDatasetDeletion Destroy { get; } = new("destroy");

    public static explicit operator string(ZfsDatasetDeletion value) => value._value;

    public override string ToString() => _value;
}
