using Pulumi.Wire;

namespace Pulumi;

/// <summary>One file's content.</summary>
public abstract class Asset : AssetOrArchive
{
    private readonly AssetSource _source;

    private protected Asset(AssetSource source) => _source = source;

    internal override PropertyValue ToProperty() => new PropertyValue.Asset(_source, string.Empty);
}

/// <summary>A file of this machine, read by the engine.</summary>
/// <param name="path">Relative to the program's folder, or absolute.</param>
public sealed class FileAsset(string path) : Asset(new AssetSource.Path(path));

/// <summary>Content given as text.</summary>
/// <param name="text">The content.</param>
public sealed class StringAsset(string text) : Asset(new AssetSource.Text(text));

/// <summary>Content that the engine fetches.</summary>
/// <param name="uri">file://, http:// or https://.</param>
public sealed class RemoteAsset(string uri) : Asset(new AssetSource.Uri(uri));
