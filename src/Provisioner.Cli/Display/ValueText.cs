using System.Globalization;
using System.Text;
using Provisioner.Cli.Terminal;
using Pulumi.Wire;

namespace Provisioner.Cli.Display;

/// <summary>A single value as a person reads it. Never a secret's content.</summary>
internal static class ValueText
{
    public const string Secret = "[secret]";
    public const string Unknown = "[unknown]";

    public static string Of(PropertyValue value) => value switch
    {
        PropertyValue.Null => "<null>",
        PropertyValue.Boolean boolean => boolean.Value ? "true" : "false",
        PropertyValue.Number number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        PropertyValue.String text => Quote(text.Value),
        PropertyValue.Secret or PropertyValue.Output { IsSecret: true } => Secret,
        PropertyValue.Output { Value: { } inner } => Of(inner),
        PropertyValue.Output or PropertyValue.Unknown => Unknown,
        PropertyValue.Asset asset => $"asset({Source(asset.Source)}{Short(asset.Hash)})",
        PropertyValue.Archive archive => $"archive({Source(archive.Source)}{Short(archive.Hash)})",
        PropertyValue.ResourceReference reference => $"<{Urns.Type(reference.Urn)} {Urns.Name(reference.Urn)}>",
        PropertyValue.Array array => "[" + string.Join(", ", array.Items.Select(Of)) + "]",
        PropertyValue.Object map => "{" + string.Join(", ", map.Properties.Select(property => $"{PropertyPath.Key(property.Key)}: {Of(property.Value)}")) + "}",
        _ => value.ToString(),
    };

    /// <summary>The text in quotes, with everything escaped that would not be seen.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append(@"\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                _ when ControlCharacters.IsActive(rune) => result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => result.Append(rune.ToString()),
            };
        }

        return result.Append('"').ToString();
    }

    private static string Source(AssetSource? source) => source switch
    {
        AssetSource.Text => "text",
        AssetSource.Path path => $"file:{path.Value}",
        AssetSource.Uri uri => $"uri:{uri.Value}",
        _ => "unknown",
    };

    private static string Source(ArchiveSource? source) => source switch
    {
        ArchiveSource.Assets => "assets",
        ArchiveSource.Path path => $"file:{path.Value}",
        ArchiveSource.Uri uri => $"uri:{uri.Value}",
        _ => "unknown",
    };

    private static string Short(string hash) => hash.Length == 0 ? string.Empty : ":" + hash[..Math.Min(7, hash.Length)];
}
