using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>The section [ipv4] or [ipv6] of a keyfile, and what is wrong with the inputs for it. Pure.</summary>
internal static class IpSettings
{
    private static readonly WifiIp FromTheNetwork = new();

    /// <summary>
    /// Keys and values in NetworkManager's order, addresses and names as it writes them: an address's prefix behind a slash, the
    /// router behind the first one, and every list ended by a semicolon.
    /// </summary>
    public static IEnumerable<(string Section, string Key, string Value)> Entries(string section, WifiIp? settings)
    {
        var ip = settings ?? FromTheNetwork;
        if (section == "ipv6")
        {
            yield return (section, "addr-gen-mode", "default");
        }

        foreach (var (index, address) in ip.Addresses.Index())
        {
            var router = index == 0 && ip.Gateway is { } gateway ? $",{Canonical(gateway)}" : "";
            yield return (section, string.Create(CultureInfo.InvariantCulture, $"address{index + 1}"), CanonicalPrefix(address) + router);
        }

        if (!ip.Dns.IsEmpty)
        {
            yield return (section, "dns", List(ip.Dns.Select(Canonical)));
        }

        if (!ip.DnsSearch.IsEmpty)
        {
            yield return (section, "dns-search", List(ip.DnsSearch));
        }

        if (ip.IgnoreAutoDns)
        {
            yield return (section, "ignore-auto-dns", "true");
        }

        yield return (section, "method", Word(ip.Method));
    }

    /// <summary>
    /// The same settings by the names of the inputs, as people read them. NetworkManager has more than one way to write an address
    /// and its router, and they are one here.
    /// </summary>
    /// <param name="section">ipv4 or ipv6.</param>
    /// <param name="values">A file's values by section and key.</param>
    public static IReadOnlyDictionary<string, string> Read(string section, IReadOnlyDictionary<string, string> values)
    {
        var (addresses, gateway) = (new List<string>(), values.GetValueOrDefault($"{section}.gateway"));
        foreach (var (_, value) in values.Where(pair => IsAddress(section, pair.Key)).OrderBy(pair => pair.Key.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var parts = value.Split(',', StringSplitOptions.TrimEntries);
            addresses.Add(parts[0]);
            gateway = gateway is null or "" && parts is [_, { Length: > 0 } router, ..] ? router : gateway;
        }

        string? Items(string key) => values.GetValueOrDefault($"{section}.{key}") is { } list ? string.Join(", ", list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) : null;
        return new Dictionary<string, string>
        {
            [$"{section}.method"] = values.GetValueOrDefault($"{section}.method") is { Length: > 0 } method ? method : "auto",
            [$"{section}.addresses"] = OrNone(string.Join(", ", addresses)),
            [$"{section}.gateway"] = OrNone(gateway is "0.0.0.0" or "::" ? null : gateway),
            [$"{section}.dns"] = OrNone(Items("dns")),
            [$"{section}.dnsSearch"] = OrNone(Items("dns-search")),
            [$"{section}.ignoreAutoDns"] = values.GetValueOrDefault($"{section}.ignore-auto-dns") is "true" or "yes" or "1" ? "true" : "false",
        };
    }

    /// <summary>The same of inputs, or of what was written.</summary>
    public static IReadOnlyDictionary<string, string> Read(string section, WifiIp? settings) =>
        Read(section, Entries(section, settings).ToDictionary(entry => $"{section}.{entry.Key}", entry => entry.Value, StringComparer.Ordinal));

    /// <summary>Whether <see cref="Read(string, IReadOnlyDictionary{string, string})"/> tells of a key.</summary>
    public static bool Knows(string key) =>
        key.Split('.', 2) is [("ipv4" or "ipv6") and var section, var name] && (name is "method" or "gateway" or "dns" or "dns-search" or "ignore-auto-dns" || IsAddress(section, key));

    /// <summary>The address at which the device is to be looked for; null where the network gives it one.</summary>
    public static string? FirstAddress(WifiIp? settings) => settings is { Addresses: [var first, ..], Method: WifiIpMethod.Manual } ? Canonical(first.Split('/')[0]) : null;

    /// <summary>What is wrong with the inputs, or null.</summary>
    public static string? Problem(string section, WifiIp? settings)
    {
        if (settings is null)
        {
            return null;
        }

        var family = section == "ipv4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var example = section == "ipv4" ? "192.168.1.30/24" : "fd00::30/64";
        foreach (var address in settings.Addresses)
        {
            if (address.Split('/') is not [var host, var length] || !IsOf(family, host)
                || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) || bits < 1 || bits > (section == "ipv4" ? 32 : 128))
            {
                return $"has an address \"{address}\" in it; write it with the length of its prefix, such as {example}";
            }
        }

        return settings switch
        {
            { Method: WifiIpMethod.Manual, Addresses.IsEmpty: true } => $"has the method manual and no addresses; give one, such as {example}",
            { Method: WifiIpMethod.LinkLocal or WifiIpMethod.Disabled, Addresses.IsEmpty: false } => $"has addresses, and the method {Word(settings.Method)} uses none; set method to manual",
            { Method: WifiIpMethod.Disabled, Dns.IsEmpty: false } or { Method: WifiIpMethod.Disabled, DnsSearch.IsEmpty: false } => "is disabled, so its dns would not be used; leave one of the two out",
            { Gateway: not null, Addresses.IsEmpty: true } => "has a gateway and no address of its own; NetworkManager takes a gateway only beside an address",
            { Gateway: { } gateway } when !IsOf(family, gateway) => $"has the gateway \"{gateway}\"; it must be an {Name(section)} address, such as {(section == "ipv4" ? "192.168.1.1" : "fd00::1")}",
            _ when settings.Dns.FirstOrDefault(server => !IsOf(family, server)) is { } server => $"has the name server \"{server}\" in its dns; each must be an {Name(section)} address",
            _ when settings.DnsSearch.FirstOrDefault(domain => !IsDomain(domain)) is { } domain => $"has the domain \"{domain}\" in its dnsSearch; write domains such as home.arpa, or ~. for all",
            _ => null,
        };
    }

    public static string Word(WifiIpMethod method) => method switch
    {
        WifiIpMethod.Manual => "manual",
        WifiIpMethod.LinkLocal => "link-local",
        WifiIpMethod.Disabled => "disabled",
        _ => "auto",
    };

    private static string Name(string section) => section == "ipv4" ? "IPv4" : "IPv6";

    private static string List(IEnumerable<string> items) => string.Concat(items.Select(item => item + ";"));

    private static string OrNone(string? text) => string.IsNullOrEmpty(text) ? "none" : text;

    private static string Canonical(string address) => IPAddress.TryParse(address, out var parsed) ? parsed.ToString() : address;

    private static string CanonicalPrefix(string address) => address.Split('/') is [var host, var length] ? $"{Canonical(host)}/{length.TrimStart('0')}" : address;

    // IPAddress takes 192.168.257 and 0x7f.1 too, as C's inet_aton does.
    private static bool IsOf(AddressFamily family, string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == family && !text.Contains('%', StringComparison.Ordinal)
        && (family == AddressFamily.InterNetworkV6 || text.Split('.') is { Length: 4 } parts && parts.All(part => part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit) && (part == "0" || part[0] != '0')));

    private static bool IsDomain(string text) => text is { Length: > 0 and <= 254 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '~');

    private static bool IsAddress(string section, string key) =>
        key.StartsWith(section + ".address", StringComparison.Ordinal) && key[(section.Length + ".address".Length)..].TrimStart('e', 's').All(char.IsAsciiDigit);
}
