using System.Collections.Immutable;
using Renci.SshNet;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>
/// What a connection may be made of: what OpenSSH itself takes by default today (ssh_config(5) of 10.0), as far as SSH.NET has
/// it. SSH.NET takes more: key exchanges and signatures by SHA-1, CBC and 3DES, for devices older than any Pi.
/// </summary>
/// <remarks>
/// Stricter than OpenSSH in two: hmac-sha1, which it still has at the end of its list, and diffie-hellman-group-exchange-sha256,
/// in which SSH.NET lets the server choose a group of 1024 bits and OpenSSH does not.
/// </remarks>
internal static class SshAlgorithms
{
    private static readonly ImmutableHashSet<string> KeyExchanges =
    [
        "mlkem768x25519-sha256", "sntrup761x25519-sha512", "sntrup761x25519-sha512@openssh.com", "curve25519-sha256", "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
        "diffie-hellman-group14-sha256", "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512",
    ];

    private static readonly ImmutableHashSet<string> Ciphers =
        ["chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"];

    private static readonly ImmutableHashSet<string> Macs =
        ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"];

    // No certificates: they are signed by an authority, and here the key itself is the identity.
    private static readonly ImmutableHashSet<string> HostKeys =
        ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"];

    private static readonly string[] Broken = ["sha1", "md5", "-cbc", "arcfour", "ripemd", "umac-64", "ssh-dss", "-96"];

    /// <summary>Leaves a connection these alone.</summary>
    public static void Restrict(ConnectionInfo connection)
    {
        Keep(connection.KeyExchangeAlgorithms, KeyExchanges);
        Keep(connection.Encryptions, Ciphers);
        Keep(connection.HmacAlgorithms, Macs);
        Keep(connection.HostKeyAlgorithms, HostKeys);
    }

    /// <summary>Whether nothing that a device offers is secure any more; names that stand for an extension of the protocol are no offers.</summary>
    public static bool AreBroken(IEnumerable<string> offers) =>
        offers.Where(name => !name.StartsWith("ext-info-", StringComparison.Ordinal) && !name.StartsWith("kex-strict-", StringComparison.Ordinal))
            .All(name => name is "ssh-rsa" or "none" || Broken.Any(part => name.Contains(part, StringComparison.Ordinal)));

    /// <summary>Whether a key may sign our login so: not by SHA-1, and not by DSA, which nobody takes any more.</summary>
    public static bool MaySign(string algorithm) => !algorithm.StartsWith("ssh-rsa", StringComparison.Ordinal) && !algorithm.StartsWith("ssh-dss", StringComparison.Ordinal);

    private static void Keep<T>(IDictionary<string, T> algorithms, ImmutableHashSet<string> allowed)
    {
        foreach (var name in algorithms.Keys.Where(name => !allowed.Contains(name)).ToList())
        {
            algorithms.Remove(name);
        }
    }
}
