using System.Globalization;
using System.Text.RegularExpressions;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Remote;

/// <summary>
/// Where a device is and how it proves itself: <c>ssh://user@host:port?hostKey=…</c>, where the host key is a fingerprint
/// (<c>SHA256:…</c>) or a public key as OpenSSH writes it (<c>ssh-ed25519 AAAA…</c>); or <c>local:</c>, this machine.
/// </summary>
/// <param name="Original">As it was written.</param>
internal sealed partial record DeviceAddress(string Original)
{
    /// <summary>The host of an address itself, in <see cref="Script.Hosts"/>.</summary>
    public const string Own = "";

    /// <summary>This machine, without a connection.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Who logs in.</summary>
    public string User { get; init; } = "root";

    /// <summary>Who has to be able to log in again; null where nobody logs in.</summary>
    public string? Login => IsLocal ? null : User;

    /// <summary><see cref="Login"/> of an address as it is written, whether or not it is whole.</summary>
    public static string? LoginOf(string address) => address == "local:" ? null
        : Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo is { Length: > 0 } user ? Uri.UnescapeDataString(user) : "root";

    /// <summary>Name or IP address, without brackets; a link-local one with its zone (<c>fe80::1%wlan0</c>).</summary>
    public string Host { get; init; } = string.Empty;

    /// <summary>1 to 65535.</summary>
    public int Port { get; init; } = 22;

    /// <summary>Null when the address has none.</summary>
    public HostKeyPin? HostKey { get; init; }

    /// <summary>As it stands in a URI: in brackets, and its zone behind <c>%25</c> (RFC 6874), where it is an IPv6 address.</summary>
    public string UriHost => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host.Replace("%", "%25", StringComparison.Ordinal)}]" : Host;

    /// <summary>For people: <c>root@lamp.local</c>, with the port when it is not 22.</summary>
    public string Display => IsLocal
        ? "this machine"
        : $"{User}@{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}{(Port == 22 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $":{Port}"))}";

    /// <summary>Reads an address.</summary>
    /// <exception cref="InputInvalidException">It is not one.</exception>
    public static DeviceAddress Parse(string text)
    {
        if (text == "local:")
        {
            return new DeviceAddress(text) { IsLocal = true };
        }

        // Uri drops the zone, or takes none.
        var zone = Zone().Match(text);
        var bare = zone.Success ? text.Remove(zone.Groups["all"].Index, zone.Groups["all"].Length) : text;
        if (ZoneBegins().IsMatch(bare))
        {
            throw Malformed(text, "what stands behind the % in it is no interface of this machine; write it as [fe80::1%25wlan0]");
        }

        if (!Uri.TryCreate(bare, UriKind.Absolute, out var uri) || uri.Scheme != "ssh" || uri.Host.Length == 0)
        {
            throw Malformed(text, "it is neither ssh://user@host:port?hostKey=… nor local:");
        }

        if (uri.AbsolutePath is not ("" or "/") || uri.Fragment.Length > 0)
        {
            throw Malformed(text, "it has a path or a fragment");
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw Malformed("ssh://…", "it has a password in it; only keys are used, and a password here would be stored in clear");
        }

        return new DeviceAddress(text)
        {
            User = uri.UserInfo.Length == 0 ? "root" : Uri.UnescapeDataString(uri.UserInfo),
            Host = uri.Host.Trim('[', ']') + (zone.Success ? $"%{zone.Groups["name"].Value}" : string.Empty),
            Port = uri.Port is -1 ? 22 : uri.Port,
            HostKey = ReadQuery(text, uri.Query),
        };
    }

    private static HostKeyPin? ReadQuery(string text, string query)
    {
        HostKeyPin? pin = null;
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0 ? (part[..equals], part[(equals + 1)..]) : (part, string.Empty);
            if (name != "hostKey" || pin is not null)
            {
                throw Malformed(text, $"\"{name}\" in it is not known or comes twice; only hostKey is");
            }

            pin = HostKeyPin.Parse(Uri.UnescapeDataString(value)) ?? throw Malformed(text, "its hostKey is neither SHA256:… nor a public key such as ssh-ed25519 AAAA…");
        }

        return pin;
    }

    // The name of an interface of this machine, or its number.
    [GeneratedRegex(@"^ssh://(?:[^/@\[\]]*@)?\[[0-9A-Fa-f:.]+(?<all>%(?:25)?(?<name>[A-Za-z0-9._~-]{1,15}))\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Zone();

    [GeneratedRegex(@"^ssh://[^/\[\]]*\[[^\]/]*%")]
    private static partial Regex ZoneBegins();

    private static InputInvalidException Malformed(string text, string why) => new("The address of the device cannot be read")
    {
        Where = text,
        Why = why,
        Next = "write it as ssh://root@lamp.local:22?hostKey=SHA256:…, or take it from the \"address\" output of a Device",
    };
}
