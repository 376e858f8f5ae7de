using System.Collections.Immutable;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.NixosSystem.Configuration;

/// <summary>How we come into a device, which is how we have to come in afterwards. What is not known is null.</summary>
/// <param name="User">Who logs in.</param>
internal sealed record Login(string? User)
{
    /// <summary>Whether the device itself has told the rest.</summary>
    public bool IsSeen { get; init; }

    /// <summary>It is this machine, into which nobody logs in; what is installed is reached later, and it is not known how.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The port on which the device's own sshd has taken the session: behind a forwarded port it is another one than in the address.</summary>
    public int? Port { get; init; }

    /// <summary>The device's interface that carries the session.</summary>
    public string? Interface { get; init; }

    /// <summary>Whether that is a radio.</summary>
    public bool? IsWifi { get; init; }

    /// <summary>Our keys that may log in, each the base64 part of its line; empty when they are not known.</summary>
    public ImmutableArray<string> Ours { get; init; } = [];

    /// <summary>The same of what stands in the login's authorized_keys on the device.</summary>
    public ImmutableArray<string> AtHome { get; init; } = [];

    /// <summary>Asks the device, as the one who logs in: sudo would hide the session.</summary>
    public static Script Question { get; } = Script.Looking(Shell.Of(
        $$"""
        echo "user=$(id -un)"
        set -- ${SSH_CONNECTION-}
        if [ $# -eq 4 ]; then
        echo "port=$4"
        a=${3#::ffff:}
        a=${a%%%*}
        i=$(ip -o addr show 2>/dev/null | while read -r _ name _ has _; do if [ "${has%/*}" = "$a" ]; then echo "$name"; break; fi; done) || i=
        if [ -n "$i" ]; then
        echo "interface=$i"
        if [ -e "/sys/class/net/$i/wireless" ] || [ -e "/sys/class/net/$i/phy80211" ]; then echo wifi=yes; else echo wifi=no; fi
        fi
        fi
        if [ -r "$HOME/.ssh/authorized_keys" ]; then
        while IFS= read -r l || [ -n "$l" ]; do printf 'key=%s\n' "$l"; done <"$HOME/.ssh/authorized_keys"
        fi
        """)) with { NeedsRoot = false };

    /// <summary>Reads the answer.</summary>
    public Login With(string answer)
    {
        var lines = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToList();
        string? Of(string name) => lines.FirstOrDefault(pair => pair[0] == name)?[1];
        return this with
        {
            IsSeen = true,
            User = Of("user") is { Length: > 0 } user && !IsLocal ? user : User,
            Port = int.TryParse(Of("port"), out var port) ? port : null,
            Interface = Of("interface"),
            IsWifi = Of("wifi") switch { "yes" => true, "no" => false, _ => null },
            AtHome = [.. lines.Where(pair => pair[0] == "key").Select(pair => BlobOf(pair[1])).OfType<string>()],
        };
    }

    /// <summary>The base64 part of a line of authorized_keys that lets somebody have a shell; null for any other line.</summary>
    public static string? BlobOf(string line)
    {
        if (line.TrimStart().StartsWith('#'))
        {
            return null;
        }

        var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var type = Array.FindIndex(words, word => word.StartsWith("ssh-", StringComparison.Ordinal) || word.StartsWith("ecdsa-", StringComparison.Ordinal) || word.StartsWith("sk-", StringComparison.Ordinal));
        return type < 0 || type + 1 >= words.Length || words[..type].Any(option => option.Contains("command=", StringComparison.OrdinalIgnoreCase) || option.StartsWith("cert-authority", StringComparison.OrdinalIgnoreCase))
            ? null
            : words[type + 1];
    }

    /// <summary>The line of a key by its base64 part, which has its type in front.</summary>
    public static string LineOf(string blob)
    {
        var bytes = new byte[blob.Length];
        return Convert.TryFromBase64String(blob, bytes, out var length) && length > 4 && bytes[3] is > 0 and var size && size + 4 <= length
            ? $"{System.Text.Encoding.ASCII.GetString(bytes, 4, size)} {blob}"
            : blob;
    }
}
