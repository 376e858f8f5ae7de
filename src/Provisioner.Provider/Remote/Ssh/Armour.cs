using System.Text;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>Bytes in base64 between a line that says BEGIN and one that says END, as private keys are kept.</summary>
internal static class Armour
{
    /// <summary>Whether the file has the first line of this kind.</summary>
    public static bool Has(ReadOnlySpan<byte> file, string kind) => file.IndexOf(Encoding.ASCII.GetBytes(Begin(kind))) >= 0;

    /// <summary>What stands between the lines of this kind; null where they are not there, or it is no base64.</summary>
    public static byte[]? Body(ReadOnlySpan<byte> file, string kind)
    {
        var text = Encoding.ASCII.GetString(file);
        var begin = text.IndexOf(Begin(kind), StringComparison.Ordinal);
        if (begin < 0)
        {
            return null;
        }

        var body = text.AsSpan(begin + Begin(kind).Length);
        body = body.IndexOf($"-----END {kind}-----", StringComparison.Ordinal) is >= 0 and var end ? body[..end] : body;
        var bytes = new byte[body.Length];
        return Convert.TryFromBase64Chars(body, bytes, out var length) ? bytes[..length] : null;
    }

    private static string Begin(string kind) => $"-----BEGIN {kind}-----";
}
