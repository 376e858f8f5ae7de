using Pulumi.Wire;

namespace Pulumi;

/// <summary>A file or a tree of files that goes into a resource.</summary>
public abstract class AssetOrArchive
{
    private protected AssetOrArchive()
    {
    }

    internal abstract PropertyValue ToProperty();

    /// <summary>The program's view of an asset or archive that came over the wire; null for one of which only the hash came.</summary>
    internal static AssetOrArchive? FromProperty(PropertyValue value) => value switch
    {
        PropertyValue.Asset { Source: AssetSource.Text text } => new StringAsset(text.Value),
        PropertyValue.Asset { Source: AssetSource.Path path } => new FileAsset(path.Value),
        PropertyValue.Asset { Source: AssetSource.Uri uri } => new RemoteAsset(uri.Value),
        PropertyValue.Archive { Source: ArchiveSource.Path path } => new FileArchive(path.Value),
        PropertyValue.Archive { Source: ArchiveSource.Uri uri } => new RemoteArchive(uri.Value),
        PropertyValue.Archive { Source: ArchiveSource.Assets assets } => FromEntries(assets.Entries),
        _ => null,
    };

    private static AssetArchive? FromEntries(PropertyMap entries)
    {
        var assets = new Dictionary<string, AssetOrArchive>(StringComparer.Ordinal);
        foreach (var (path, entry) in entries)
        {
            if (FromProperty(entry) is not { } asset)
            {
                return null;
            }

            assets.Add(path, asset);
        }

        return new AssetArchive(assets);
    }
}
