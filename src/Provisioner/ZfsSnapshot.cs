using System.Collections.Immutable;
using Pulumi;

namespace Provisioner;

/// <summary>
/// A snapshot of a ZFS file system, recursive if asked. One that is gone cannot be made again as it was: up says so, and takes
/// a new one, of what is there then.
/// </summary>
public sealed class ZfsSnapshot : CustomResource
{
    /// <param name="name">A name that no other ZfsSnapshot of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public ZfsSnapshot(string name, ZfsSnapshotArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:ZfsSnapshot", name, args, options)
    {
    }

    /// <summary>The whole name: <c>lamp/home@before</c>.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>The pool's GUID.</summary>
    [Output("poolGuid")]
    public Output<string> PoolGuid { get; private set; } = null!;

    /// <summary>The snapshot's GUID; it stays the same in copies that are sent elsewhere.</summary>
    [Output("guid")]
    public Output<string> Guid { get; private set; } = null!;

    /// <summary>The snapshots that belong to it, each name with its GUID: one, or with recursive one for everything below.</summary>
    [Output("members")]
    public Output<ImmutableDictionary<string, string>> Members { get; private set; } = null!;

    /// <summary>What differs on the device from what was made, by what it is about; empty when all is well.</summary>
    [Output("drift")]
    public Output<ImmutableDictionary<string, string>> Drift { get; private set; } = null!;
}

/// <summary>The inputs of a <see cref="ZfsSnapshot"/>.</summary>
public sealed class ZfsSnapshotArgs : ResourceArgs
{
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

    /// <summary>The path of the file system below the pool, such as <c>home</c>; the pool's root file system when left out. Another one replaces the snapshot.</summary>
    [Input("dataset")]
    public Input<string>? Dataset { get; set; }

    /// <summary>The snapshot's name, what stands behind the @. Another one replaces the snapshot.</summary>
    [Input("name", required: true)]
    public Input<string> Name { get; set; } = null!;

    /// <summary>Whether everything below is taken in the same moment, under the same name.</summary>
    [Input("recursive")]
    public Input<bool>? Recursive { get; set; }

    /// <summary>Tokens with which a person agrees to a loss, by the name in the preview.</summary>
    [Input("consent")]
    public InputMap<string>? Consent
    {
        get => _consent ??= [];
        set => _consent = value;
    }

    /// <summary>What happens to the snapshot when the resource is deleted; <see cref="ZfsSnapshotDeletion.Keep"/> when left out.</summary>
    [Input("onDelete")]
    public Input<ZfsSnapshotDeletion>? OnDelete { get; set; }
}

/// <summary>What happens to a snapshot when the resource is deleted.</summary>
[EnumType]
public readonly record struct ZfsSnapshotDeletion
{
    private readonly string _value;

    private ZfsSnapshotDeletion(string value) => _value = value;

    /// <summary>It stays where it is.</summary>
    public static ZfsSnapshotDeletion Keep { get; } = new("keep");

    /// <summary>It is destroyed, with consent.</summary>
    public static ZfsSnapshotDeletion Destroy { get; } = new("destroy");

    public static explicit operator string(ZfsSnapshotDeletion value) => value._value;

    public override string ToString() => _value;
}
