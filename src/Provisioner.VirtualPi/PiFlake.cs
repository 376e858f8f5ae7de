using Provisioner.VirtualPi.Building;

namespace Provisioner.VirtualPi;

/// <summary>The stand-in for NixOS: a flake as a person would keep it, whose systems boot on the virtual Pi. Its parts lie in the Nix store of the virtual Pi's card.</summary>
public static class PiFlake
{
    private const string Files = "Standin/Flake/";
    private const string Configuration = "configuration.nix";

    /// <summary>Writes the flake's files; those that are there are replaced.</summary>
    /// <param name="folder">Made when it is not there.</param>
    /// <param name="hostName">The name of the host that its systems are for.</param>
    /// <param name="hostId">ZFS's host id: eight hex digits.</param>
    public static void Write(string folder, string hostName, string hostId)
    {
        Embedded.UnpackFolder(Files, folder);
        Change(folder, "networking.hostName", hostName);
        Change(folder, "networking.hostId", hostId);
    }

    /// <summary>Sets one of the values that people edit in <c>configuration.nix</c>, as an editor would.</summary>
    /// <param name="folder">A flake that was written before.</param>
    /// <param name="option">Such as <c>label</c>.</param>
    /// <param name="value">A text that Nix takes as it stands between quotes.</param>
    /// <exception cref="PiException">There is no such option.</exception>
    public static void Change(string folder, string option, string value)
    {
        var path = Path.Combine(folder, Configuration);
        var lines = File.ReadAllLines(path);
        var at = Array.FindIndex(lines, line => line.TrimStart().StartsWith($"{option} = ", StringComparison.Ordinal));
        if (at < 0)
        {
            throw new PiException($"{path} has no option {option}.");
        }

        lines[at] = $"  {option} = \"{value}\";";
        File.WriteAllLines(path, lines);
    }
}
