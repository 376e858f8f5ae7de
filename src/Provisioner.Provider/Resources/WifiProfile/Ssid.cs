using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>
/// The name of a WiFi network: 1 to 32 bytes of any value. Networks are told apart by these bytes, never by how a terminal shows them.
/// </summary>
internal sealed class Ssid : IEquatable<Ssid>
{
    public const int MaximumBytes = 32;

    private readonly byte[] _bytes;

    private Ssid(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Takes the bytes an access point sends.</summary>
    public static Ssid FromBytes(ReadOnlySpan<byte> bytes) => new(bytes.ToArray());

    /// <summary>Takes what a person wrote, as UTF-8; the reason says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Ssid? ssid, [NotNullWhen(false)] out string? reason)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        ssid = null;
        reason = bytes.Length switch
        {
            0 => "is empty; give the name of the network as your router shows it",
            > MaximumBytes => $"has {bytes.Length} bytes in UTF-8, and a WiFi network's name has at most {MaximumBytes} (a letter outside ASCII takes 2 to 4); give the name as your router shows it",
            _ => null,
        };
        if (reason is not null)
        {
            return false;
        }

        ssid = new Ssid(bytes);
        return true;
    }

    /// <summary>
    /// A name for the profile and its file: the network's own name where that is safe as a file name, and otherwise a readable
    /// rest of it with the start of a digest, so that two networks never share a file.
    /// </summary>
    public string ToFileName()
    {
        var readable = new string([.. ToString().Select(c => ProfileName.Allows(c) ? c : '-')]).Trim('-', '.', ' ');
        if (readable == ToString() && ProfileName.Problem(readable) is null)
        {
            return readable;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(_bytes))[..8];
        return readable.Length == 0 ? $"wifi-{digest}" : $"{readable}-{digest}";
    }

    public bool Equals(Ssid? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => Equals(obj as Ssid);

    public override int GetHashCode() => Bytes.Length == 0 ? 0 : HashCode.Combine(Bytes.Length, Bytes[0], Bytes[^1]);

    /// <summary>The name as text for people; bytes that are no UTF-8 are shown as U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_bytes);
}
