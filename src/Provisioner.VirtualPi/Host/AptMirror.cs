namespace Provisioner.VirtualPi.Host;

/// <summary>The Debian mirror that this host itself uses; it serves the other suites too.</summary>
internal static class AptMirror
{
    /// <exception cref="PiException">The host's sources name no Debian mirror.</exception>
    public static string OfThisHost()
    {
        var sources = Sources("/etc/apt/sources.list.d", "*.sources").Concat(Sources("/etc/apt", "sources.list")).Concat(Sources("/etc/apt/sources.list.d", "*.list"));
        return sources.SelectMany(Addresses).FirstOrDefault(IsDebian)
            ?? throw new PiException("No Debian mirror in /etc/apt/sources.list or /etc/apt/sources.list.d. Add the one to use, as 'deb <address> bookworm main'.");
    }

    /// <summary>The addresses in one file of sources, of either format, in its order.</summary>
    internal static IEnumerable<string> Addresses(string text)
    {
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith("URIs:", StringComparison.OrdinalIgnoreCase))
            {
                foreach (var address in line["URIs:".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    yield return address;
                }
            }
            else if (line.StartsWith("deb ", StringComparison.Ordinal))
            {
                var options = line.IndexOf(']', StringComparison.Ordinal);
                var rest = line.StartsWith("deb [", StringComparison.Ordinal) && options > 0 ? line[(options + 1)..] : line["deb ".Length..];
                if (rest.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var address, ..])
                {
                    yield return address;
                }
            }
        }
    }

    // The archive itself ends so on every mirror; debian-security and other vendors' archives do not.
    internal static bool IsDebian(string address) => address.TrimEnd('/').EndsWith("/debian", StringComparison.Ordinal);

    private static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal).Select(File.ReadAllText) : [];
}
