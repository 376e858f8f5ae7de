using Provisioner.VirtualPi.Files;
using Provisioner.VirtualPi.Frozen;
using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi.Building;

/// <summary>
/// Removes results that nobody needs: every change of the guest's files makes a new card and a new frozen machine, half a
/// gigabyte together. Those used last stay, and whatever a machine's card lies over, be the machine on or off.
/// </summary>
internal sealed class ArtefactCleaning(PiHome home)
{
    private readonly ArtefactStore _store = new(home.Artefacts, home.Time);

    /// <summary>Cleans every kind; one that is being built just now is left for the next time.</summary>
    public void Run()
    {
        // What is removed first may be what kept the next.
        foreach (var kind in (string[])[FrozenPi.Kind, CardBuilder.Kind, CardBuilder.TreeKind, CardBuilder.ModulesKind])
        {
            var used = Used();
            _store.Clean(kind, folder => used.Any(file => file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
        }
    }

    /// <summary>The images that others lie over.</summary>
    private HashSet<string> Used() =>
    [
        .. Folders(home.Machines).Select(folder => new MachineFolder(folder).Card)
            .Concat(Folders(Path.Combine(home.Artefacts, FrozenPi.Kind)).Select(folder => new FrozenFolder(folder).Card))
            .SelectMany(Qcow2.Below),
    ];

    private static string[] Folders(string parent) => Directory.Exists(parent) ? Directory.GetDirectories(parent) : [];
}
