using System.Collections.Immutable;

namespace Pulumi.Command.Remote;

/// <summary>A file or a folder that is copied to another machine over SSH when the resource is created, and again when it has changed. It stays there when the resource is deleted.</summary>
[CommandResourceType("command:remote:CopyToRemote")]
public partial class CopyToRemote : CustomResource
{
    /// <param name="name">A name that no other CopyToRemote of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public CopyToRemote(string name, CopyToRemoteArgs args, CustomResourceOptions? options = null)
        : base("command:remote:CopyToRemote", name, args, Options(options, null))
    {
    }

    private CopyToRemote(string name, Input<string> id, CustomResourceOptions? options)
        : base("command:remote:CopyToRemote", name, null, Options(options, id))
    {
    }

    /// <summary>The machine, and how to log in to it.</summary>
    [Output("connection")]
    public Output<Outputs.Connection> Connection { get; private set; } = null!;

    /// <summary>Where it is copied to; folders on the way are made.</summary>
    [Output("remotePath")]
    public Output<string> RemotePath { get; private set; } = null!;

    /// <summary>What is copied: an asset as a file, an archive file as it is, a folder or an archive of assets file by file.</summary>
    [Output("source")]
    public Output<AssetOrArchive> Source { get; private set; } = null!;

    /// <summary>Values of any kind: when one changes, the resource is made anew.</summary>
    [Output("triggers")]
    public Output<ImmutableArray<object>> Triggers { get; private set; } = null!;

    /// <summary>An existing one of a stack, by its id.</summary>
    public static CopyToRemote Get(string name, Input<string> id, CustomResourceOptions? options = null) => new(name, id, options);

    private static CustomResourceOptions Options(CustomResourceOptions? options, Input<string>? id)
    {
        var merged = CustomResourceOptions.Merge(new CustomResourceOptions { AdditionalSecretOutputs = { "connection" }, ReplaceOnChanges = { "triggers[*]" } }, options);
        merged.Id = id ?? merged.Id;
        return merged;
    }
}

/// <summary>The inputs of a <see cref="CopyToRemote"/>.</summary>
public sealed class CopyToRemoteArgs : ResourceArgs
{
    [Input("connection", required: true)]
    private Input<Inputs.ConnectionArgs>? _connection;

    /// <summary>The machine, and how to log in to it.</summary>
    public Input<Inputs.ConnectionArgs>? Connection
    {
        get => _connection;
        set => _connection = value is null ? (Input<Inputs.ConnectionArgs>?)null : Output.CreateSecret(value.ToOutput());
    }

    /// <summary>Where it is copied to; folders on the way are made.</summary>
    [Input("remotePath", required: true)]
    public Input<string> RemotePath { get; set; } = null!;

    /// <summary>What is copied: an asset as a file, an archive file as it is, a folder or an archive of assets file by file.</summary>
    [Input("source", required: true)]
    public Input<AssetOrArchive> Source { get; set; } = null!;

    [Input("triggers")]
    private InputList<object>? _triggers;

    /// <summary>Values of any kind: when one changes, the resource is made anew.</summary>
    public InputList<object> Triggers
    {
        get => _triggers ??= [];
        set => _triggers = value;
    }

    /// <summary>No inputs.</summary>
    public static new CopyToRemoteArgs Empty => new();
}
