using System.Text;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>A public key as OpenSSH writes it into a .pub file: type, base64, comment.</summary>
internal static class PublicKeyLine
{
    /// <summary>The key in wire form; null where the text is something else.</summary>
    public static byte[]? Read(ReadOnlySpan<byte> content)
    {
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).SkipWhile(line => line.StartsWith('#')).Take(1))
        {
            var fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            var blob = new byte[fields.Length > 1 ? fields[1].Length : 0];
            if (fields.Length > 1 && Convert.TryFromBase64String(fields[1], blob, out var length) && SshWire.TypeOf(blob.AsSpan(0, length)) == fields[0])
            {
                return blob[..length];
            }
        }

        return null;
    }
}
