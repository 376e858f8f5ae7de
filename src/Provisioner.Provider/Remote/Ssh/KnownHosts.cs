using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>Host keys from a file in OpenSSH's form (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT), hashed names included.</summary>
internal static class KnownHosts
{
    /// <summary>The keys a device may present; empty when the file says nothing of it.</summary>
    /// <exception cref="InputInvalidException">The file cannot be read, or revokes a key of this device.</exception>
    public static IReadOnlyList<HostKeyPin> Find(string file, DeviceAddress address)
    {
        var name = address.Port == 22 ? address.Host : $"[{address.Host}]:{address.Port}";
        var pins = new List<HostKeyPin>();
        foreach (var line in Lines(HomePath.Expand(file)))
        {
            var fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            var marker = fields.Length > 0 && fields[0].StartsWith('@') ? fields[0] : null;
            var rest = marker is null ? fields : fields[1..];

            // Certificates and revocations need rules of their own; a line with a marker pins nothing here.
            if (rest.Length >= 3 && marker is null && Matches(rest[0], name) && HostKeyPin.Parse($"{rest[1]} {rest[2]}") is { } pin)
            {
                pins.Add(pin);
            }
        }

        return pins;
    }

    private static IEnumerable<string> Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputInvalidException("The file of known host keys cannot be read") { Where = path, Why = failure.Message };
        }
    }

    private static bool Matches(string hosts, string name)
    {
        if (!hosts.StartsWith("|1|", StringComparison.Ordinal))
        {
            // Patterns are not followed: a wildcard would pin one key for many machines.
            return hosts.Split(',').Contains(name, StringComparer.OrdinalIgnoreCase);
        }

        var parts = hosts.Split('|');
        try
        {
            // known_hosts has names hashed by HMAC-SHA1; that is its format, and hides names only.
#pragma warning disable CA5350
            return parts.Length == 4 && HMACSHA1.HashData(Convert.FromBase64String(parts[2]), Encoding.UTF8.GetBytes(name)).AsSpan()
                .SequenceEqual(Convert.FromBase64String(parts[3]));
#pragma warning restore CA5350
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
