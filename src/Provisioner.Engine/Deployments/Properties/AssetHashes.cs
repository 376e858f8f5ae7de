using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Properties;

/// <summary>Gives every asset and archive of a program its hash, so that a change of content is seen.</summary>
internal static class AssetHashes
{
    /// <param name="folder">What relative paths start from: the program's folder.</param>
    /// <param name="pluginFolder">The folder in which plugins run: where it is another one, a relative path becomes an absolute one.</param>
    /// <exception cref="NotSupportedException">Something would have to be fetched or unpacked.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static PropertyMap Compute(PropertyMap properties, string folder, string pluginFolder) => PropertyShapes.Map(properties, value => value switch
    {
        PropertyValue.Asset { Hash.Length: 0 } asset => Placed(AssetContent.WithHash(asset, folder), folder, pluginFolder),
        PropertyValue.Archive { Hash.Length: 0 } archive => value.ContainsUnknowns() ? value : Placed(AssetContent.WithHash(archive, folder), folder, pluginFolder),
        _ => value,
    });

    private static PropertyValue Placed(PropertyValue value, string folder, string pluginFolder)
    {
        if (Full(folder) == Full(pluginFolder))
        {
            return value;
        }

        return value switch
        {
            PropertyValue.Asset { Source: AssetSource.Path path } asset => asset with { Source = new AssetSource.Path(Path.Combine(folder, path.Value)) },
            PropertyValue.Archive { Source: ArchiveSource.Path path } archive => archive with { Source = new ArchiveSource.Path(Path.Combine(folder, path.Value)) },
            PropertyValue.Archive { Source: ArchiveSource.Assets assets } archive => archive with
            {
                Source = new ArchiveSource.Assets(PropertyShapes.Map(assets.Entries, entry => Placed(entry, folder, pluginFolder))),
            },
            _ => value,
        };
    }

    private static string Full(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
}
