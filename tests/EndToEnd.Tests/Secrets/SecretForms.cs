using System.Text;
using System.Text.Json;

namespace EndToEnd.Tests.Secrets;

/// <summary>A secret in every form in which it might turn up.</summary>
internal static class SecretForms
{
    private const int PemLine = 70;

    /// <summary>As it is, in base64, hex, URL, JSON, and quoted for a shell; forms without a line break, which grep can look for.</summary>
    public static IEnumerable<string> Of(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        var quoted = JsonSerializer.Serialize(secret);
        string[] forms =
        [
            secret,
            .. Of(bytes),
            Uri.EscapeDataString(secret),
            Uri.EscapeDataString(secret).Replace("%20", "+", StringComparison.Ordinal),
            quoted[1..^1],
            secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal),
            secret.Replace("'", "'\\''", StringComparison.Ordinal),
            secret.Replace("'", "'\"'\"'", StringComparison.Ordinal),
        ];
        return forms.Where(form => !form.Contains('\n', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
    }

    /// <summary>An OpenSSH private key: the forms of the whole, its lines that hold the private half, and the forms of its seed.</summary>
    public static IEnumerable<string> OfKey(string pem)
    {
        var lines = pem.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var body = lines[1..^1];
        var content = Convert.FromBase64String(string.Concat(body));
        // The private half is the second part with 64 bytes: the seed and the public key once more.
        ReadOnlySpan<byte> length = [0, 0, 0, 64];
        var seed = content.AsSpan(content.AsSpan().LastIndexOf(length) + length.Length, 32).ToArray();
        // The first two lines are the format and the public key.
        return [.. Of(pem), .. Of(seed), .. body.Skip(2).Where(line => line.Length == PemLine)];
    }

    private static string[] Of(byte[] bytes) =>
    [
        Convert.ToBase64String(bytes).TrimEnd('='),
        Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        Convert.ToHexStringLower(bytes),
        Convert.ToHexString(bytes),
    ];
}
