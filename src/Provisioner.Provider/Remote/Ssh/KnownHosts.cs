using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Errors;
using Pulumi.Wire;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>What a file of known hosts says of one device.</summary>
/// <param name="Pins">The keys that it may present; none that is revoked.</param>
/// <param name="Revoked">The fingerprints of keys that it must never present.</param>
/// <param name="HasAuthority">Whether the file knows an authority for it: certificates are not followed here.</param>
internal sealed record KnownKeys(IReadOnlyList<HostKeyPin> Pins, IReadOnlySet<string> Revoked, bool HasAuthority);

/// <summary>
/// Host keys from a file in OpenSSH's form (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): lists of names with wildcards and negations,
/// hashed names, keys that are revoked, and authorities. A line that cannot be read says nothing, as with ssh; unless it is one
/// that revokes: what it takes away is not known then, and nothing is trusted by this file.
/// </summary>
internal static class KnownHosts
{
    private const int LargestFile = 16 << 20;

    // As in ssh: a longer pattern matches nothing.
    private const int LongestPattern = 1023;

    private const string Revocation = "@revoked";
    private const string Authority = "@cert-authority";

    /// <summary>What the file says of a device.</summary>
    /// <exception cref="InputInvalidException">The file cannot be read, or revokes a key that cannot be read.</exception>
    public static KnownKeys Find(string file, DeviceAddress address)
    {
        var path = HomePath.Expand(file);
        var host = address.Host.ToLowerInvariant();
        return Find(path, Lines(path), address.Port == 22 ? host : string.Create(CultureInfo.InvariantCulture, $"[{host}]:{address.Port}"));
    }

    /// <param name="path">The file, for errors.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="name">The name that is looked for, in lower case; with another port than 22 as <c>[name]:port</c>.</param>
    internal static KnownKeys Find(string path, IEnumerable<string> lines, string name)
    {
        var pins = new List<HostKeyPin>();
        var revoked = new HashSet<string>(StringComparer.Ordinal);
        var (hasAuthority, number) = (false, 0);
        foreach (var line in lines)
        {
            number++;
            var fields = line.Split([' ', '\t'], 5, StringSplitOptions.RemoveEmptyEntries);
            if (fields is [] or [['#', ..], ..])
            {
                continue;
            }

            var marker = fields[0].StartsWith('@') ? fields[0] : null;
            var rest = marker is null ? fields : fields[1..];
            if (rest.Length == 0 || !Matches(rest[0], name))
            {
                continue;
            }

            var key = rest.Length < 3 ? null : HostKeyPin.Parse($"{rest[1]} {rest[2]}");
            switch (marker)
            {
                case null when key is not null:
                    pins.Add(key);
                    break;
                case Revocation:
                    revoked.Add(key?.Fingerprint ?? throw new InputInvalidException("The file of known host keys revokes a key that cannot be read")
                    {
                        Where = string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}"),
                        Why = "as long as nobody knows which key that is, none is trusted",
                        Next = "write the line as: @revoked NAME ssh-ed25519 AAAA…; or take it out",
                    });
                    break;
                case Authority:
                    hasAuthority = true;
                    break;
            }
        }

        return new KnownKeys([.. pins.Where(pin => !revoked.Contains(pin.Fingerprint))], revoked, hasAuthority);
    }

    private static string[] Lines(string path)
    {
        try
        {
            return RegularFile.Read(path, LargestFile) is { } content
                ? Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.TrimEntries)
                : throw new IOException($"it has more than {LargestFile >> 20} MiB");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputInvalidException("The file of known host keys cannot be read") { Where = path, Why = failure.Message };
        }
    }

    /// <summary>Whether a list of patterns means a name: one that is negated goes before all others.</summary>
    private static bool Matches(string hosts, string name)
    {
        if (hosts.StartsWith('|'))
        {
            return IsHashOf(hosts, name);
        }

        var matches = false;
        foreach (var pattern in hosts.ToLowerInvariant().Split(','))
        {
            var isNegated = pattern.StartsWith('!');
            if (IsLike(name, isNegated ? pattern.AsSpan(1) : pattern))
            {
                if (isNegated)
                {
                    return false;
                }

                matches = true;
            }
        }

        return matches;
    }

    /// <summary>A <c>*</c> is any number of characters, a <c>?</c> is one. Goes back to the last star alone, which is enough.</summary>
    private static bool IsLike(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        if (pattern.Length > LongestPattern)
        {
            return false;
        }

        var (at, of, star, resume) = (0, 0, -1, 0);
        while (at < name.Length)
        {
            if (of < pattern.Length && (pattern[of] == '?' || (pattern[of] == name[at] && pattern[of] != '*')))
            {
                (at, of) = (at + 1, of + 1);
            }
            else if (of < pattern.Length && pattern[of] == '*')
            {
                (star, resume) = (of++, at);
            }
            else if (star >= 0)
            {
                (of, at) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern[of..].IndexOfAnyExcept('*') < 0;
    }

    private static bool IsHashOf(string hosts, string name)
    {
        // known_hosts has names hashed by HMAC-SHA1; that is its format, and hides names only.
#pragma warning disable CA5350
        return hosts.Split('|') is ["", "1", var salt, var hash]
            && Bytes(salt) is { Length: HMACSHA1.HashSizeInBytes } key && Bytes(hash) is { } expected
            && HMACSHA1.HashData(key, Encoding.UTF8.GetBytes(name)).AsSpan().SequenceEqual(expected);
#pragma warning restore CA5350
    }

    private static byte[]? Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }
}
