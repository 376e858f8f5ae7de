using System.Collections.Immutable;
using System.Text;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Cards;

/// <summary>What makes a card this machine's own. It holds secrets.</summary>
/// <param name="HostKey">The SSH host's private key file: OpenSSH's form, Ed25519, no passphrase. Secret.</param>
/// <param name="PublicKey">The line of the public key file.</param>
/// <param name="Hostname">One label.</param>
/// <param name="HostId">ZFS's host id, eight hex digits.</param>
/// <param name="AuthorizedKeys">Lines of root's authorized_keys.</param>
/// <param name="Networks">The networks it joins, with their keys. Secret.</param>
internal sealed record CardIdentity(
    string HostKey, string PublicKey, string Hostname, string HostId, ImmutableArray<string> AuthorizedKeys, ImmutableArray<ProfileContent> Networks)
{
    /// <summary>No secret.</summary>
    public override string ToString() => $"identity card of {Hostname}";
}

/// <summary>One file of the archive.</summary>
/// <param name="Path">Without the leading slash.</param>
/// <param name="Content">All of it.</param>
/// <param name="IsPrivate">0600 in place of 0644; root's in any case.</param>
internal sealed record CardFile(string Path, byte[] Content, bool IsPrivate)
{
    public const string HostKeyPath = "etc/ssh/ssh_host_ed25519_key";
    public const string PublicKeyPath = HostKeyPath + ".pub";
    public const string HostnamePath = "etc/hostname";
    public const string HostIdPath = "etc/hostid";
    public const string AuthorizedKeysPath = "root/.ssh/authorized_keys";
    public const string ProfileFolder = "etc/NetworkManager/system-connections/";
    public const string ProfileEnding = ".nmconnection";

    /// <summary>The files of an identity, in a fixed order.</summary>
    public static IEnumerable<CardFile> Of(CardIdentity identity)
    {
        yield return new CardFile(HostKeyPath, Text(identity.HostKey), IsPrivate: true);
        yield return new CardFile(PublicKeyPath, Text(identity.PublicKey), IsPrivate: false);
        yield return new CardFile(HostnamePath, Text(identity.Hostname), IsPrivate: false);

        // As zgenhostid writes it: the number's four bytes, lowest first, on every processor that a Pi or a PC has.
        yield return new CardFile(HostIdPath, [.. Convert.FromHexString(identity.HostId).Reverse()], IsPrivate: false);
        yield return new CardFile(AuthorizedKeysPath, Text(string.Join('\n', identity.AuthorizedKeys.Select(line => line.Trim()))), IsPrivate: true);
        foreach (var network in identity.Networks)
        {
            yield return new CardFile($"{ProfileFolder}{network.Name}{ProfileEnding}", Keyfile.Write(network), IsPrivate: true);
        }
    }

    public override string ToString() => $"{Path} ({Content.Length} bytes)";

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text.TrimEnd('\r', '\n') + "\n");
}
