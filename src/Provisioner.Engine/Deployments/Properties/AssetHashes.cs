using System.Security.Cryptography;
using System.Text;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Properties;

/// <summary>Gives every asset of a program its hash, so that a change of content is seen.</summary>
internal static class AssetHashes
{
    /// <param name="folder">What relative paths start from: the program's folder.</param>
    /// <exception cref="NotSupportedException">There is an archive, or an asset to be fetched.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static PropertyMap Compute(PropertyMap properties, string folder) => PropertyShapes.Map(properties, value => value switch
    {
        PropertyValue.Asset { Hash.Length: 0, Source: AssetSource.Text text } asset => asset with { Hash = Hash(Encoding.UTF8.GetBytes(text.Value)) },
        PropertyValue.Asset { Hash.Length: 0, Source: AssetSource.Path path } asset => asset with { Hash = Hash(File.ReadAllBytes(Path.Combine(folder, path.Value))) },
        PropertyValue.Asset { Hash.Length: 0, Source: AssetSource.Uri uri } => throw new NotSupportedException(
            $"A remote asset ({uri.Value}) is not known to this engine; use a file or a text, or Pulumi's own CLI on the same files."),
        PropertyValue.Archive { Hash.Length: 0 } => throw new NotSupportedException(
            "An archive is not known to this engine; use assets, or Pulumi's own CLI on the same files."),
        _ => value,
    });

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
