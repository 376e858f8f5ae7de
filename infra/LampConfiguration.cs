using Pulumi;

/// <summary>What of the configuration does not go together, in its own words, all at once.</summary>
internal static class LampConfiguration
{
    public static void Require(Config config)
    {
        var problems = Problems(key => config.Get(key) is { Length: > 0 } value ? value : null).ToList();
        if (problems.Count > 0)
        {
            throw new RunException($"The configuration does not go together:\n{string.Join('\n', problems.Select(problem => "  " + problem))}");
        }
    }

    /// <summary>A path as a shell would read it.</summary>
    public static string Home(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path;

    private static IEnumerable<string> Problems(Func<string, string?> given)
    {
        bool Has(string key) => given(key) is not null;
        if (Has("card") && Has("hostKey"))
        {
            yield return "card and hostKey are both set: a card gives the Pi the key that the stack makes. For a Pi that boots from that card: ./provision config rm hostKey; for a machine that runs already: ./provision config rm card";
        }

        if (Has("card") && !Has("loginKey"))
        {
            yield return "card is set, and loginKey is not: set it to the file of the public key that you log in with, ./provision config set loginKey ~/.ssh/id_ed25519.pub";
        }

        if (Has("card") && given("loginKey") is { } key && !File.Exists(Home(key)))
        {
            yield return $"loginKey: {key} is not there; set it to the file of the public key that you log in with, or make one with ssh-keygen -t ed25519";
        }

        if (Has("ssdSerial") != Has("ssdId"))
        {
            yield return Has("ssdId")
                ? "ssdId is set, and ssdSerial is not: an SSD is named by both, see lsblk -o NAME,SERIAL on the Pi"
                : "ssdSerial is set, and ssdId is not: an SSD is named by both, see ls -l /dev/disk/by-id on the Pi";
        }

        if (Has("flake") && !Has("ssdSerial") && !Has("ssdId") && !Has("hostKey"))
        {
            yield return "flake is set, with nothing to install it to: set ssdId and ssdSerial, or, for a machine that runs NixOS already, hostKey, as ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub says it there";
        }

        if (Has("flake") && Has("ssdSerial") && Has("hostKey"))
        {
            yield return "flake, ssdSerial and hostKey are all set: a system that is installed gets the key that the stack makes. To install it: ./provision config rm hostKey; for a machine that runs NixOS already: ./provision config rm ssdSerial, and ssdId";
        }

        if (Has("installation") && !Has("ssdSerial"))
        {
            yield return "installation is set, and nothing is installed without ssdSerial: ./provision config rm installation";
        }

        if (given("builder") is { } builder && builder is not ("device" or "local" or "container" or "ssh"))
        {
            yield return $"builder is '{builder}': set it to device, local, container or ssh";
        }
    }
}
