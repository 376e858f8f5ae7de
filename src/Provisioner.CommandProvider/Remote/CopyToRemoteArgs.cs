using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Pulumi.Wire;

namespace Provisioner.CommandProvider.Remote;

[Doc("A file or a folder that is copied to another machine over SSH when the resource is created, and again when it has changed. It stays there when the resource is deleted.")]
internal sealed record CopyToRemoteArgs
{
    [Secret]
    [Doc("The machine, and how to log in to it.")]
    public required Connection Connection { get; init; }

    [Doc("What is copied: an asset as a file; an archive file as it is; a folder, or an archive made of assets, file by file. Files that are there are written over.")]
    public required AssetOrArchive Source { get; init; }

    [Doc("Where it is copied to; folders on the way are made. A file goes into a folder that is there, under its own name. A folder goes, with its name, into the folder of this path; with a slash at the end of its own path only what is in it does.")]
    public required string RemotePath { get; init; }

    [Replaces]
    [Doc("Values of any kind: when one changes, the resource is made anew and copied again.")]
    public ImmutableArray<PropertyValue>? Triggers { get; init; }

    /// <summary>What must hold beyond the types.</summary>
    public static ImmutableArray<Rule<CopyToRemoteArgs>> Rules { get; } =
    [
        Rule<CopyToRemoteArgs>.Of(args => args.Connection.Problem("connection"), nameof(Connection)),
        Rule<CopyToRemoteArgs>.Of(
            args => args.RemotePath.Length > 0 && ShellQuoting.CanQuote(args.RemotePath) ? null : "must be a path, without NUL characters",
            nameof(RemotePath)),
        Rule<CopyToRemoteArgs>.Of(
            args => args.Source.Value is PropertyValue.Asset { Source: AssetSource.Uri } or PropertyValue.Archive { Source: ArchiveSource.Uri }
                ? "would have to be fetched from a URL, which this provider does not do; fetch it and give the file"
                : null,
            nameof(Source)),
    ];
}
