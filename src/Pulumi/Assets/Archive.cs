using Pulumi.Wire;

namespace Pulumi;

/// <summary>A tree of files.</summary>
public abstract class Archive : AssetOrArchive
{
    private readonly ArchiveSource _source;

    private protected Archive(ArchiveSource source) => _source = source;

    internal override PropertyValue ToProperty() => new PropertyValue.Archive(_source, string.Empty);
}

/// <summary>A tree put together from assets and archives.</summary>
/// <param name="assets">Assets and archives by their path in the tree.</param>
public sealed class AssetArchive(IDictionary<string, AssetOrArchive> assets) : Archive(new ArchiveSource.Assets(
    PropertyMap.Of(assets.Select(asset => KeyValuePair.Create(asset.Key, asset.Value.ToProperty())))));

/// <summary>A folder, or an archive file, of this machine, read by the engine.</summary>
/// <param name="path">Relative to the program's folder, or absolute.</param>
public sealed class FileArchive(string path) : Archive(new ArchiveSource.Path(path));

/// <summary>An archive file that the engine fetches.</summary>
/// <param name="uri">file://, http:// or https://.</param>
public sealed class RemoteArchive(string uri) : Archive(new ArchiveSource.Uri(uri));
