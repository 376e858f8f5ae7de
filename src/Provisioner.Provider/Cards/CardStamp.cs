using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provisioner.Provider.Cards;

/// <summary>
/// What we write into the last block of the identity card, behind the archive: which image the card was made from. A card in a
/// reader is known by it at once; to read all of the card would take minutes, and a card that has booted differs from its image.
/// </summary>
/// <param name="Image">SHA-256 of the image file, as it was given.</param>
/// <param name="Bytes">The length of the image, decompressed.</param>
internal sealed record CardStamp(string Image, long Bytes)
{
    private const string Format = "provisioner-card-1";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>The block.</summary>
    public byte[] Write()
    {
        var block = new byte[CardLayout.Block];
        JsonSerializer.SerializeToUtf8Bytes(new Written(Format, Image, Bytes), Options).CopyTo(block, 0);
        return block;
    }

    /// <summary>Reads a block; null when it is none of ours.</summary>
    public static CardStamp? Read(ReadOnlySpan<byte> block)
    {
        var text = Encoding.UTF8.GetString(block).TrimEnd('\0');
        if (!text.StartsWith($$"""{"format":"{{Format}}",""", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Written>(text, Options) is { Image: { } image } written ? new CardStamp(image, written.Bytes) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Written(string Format, string Image, long Bytes);
}
