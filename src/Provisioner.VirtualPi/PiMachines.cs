using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi;

/// <summary>All virtual Pis of a home.</summary>
public sealed class PiMachines(PiHome home)
{
    /// <summary>The machine that is meant when none is named.</summary>
    public const string Default = LoopbackPorts.DefaultMachine;

    private const int LongestName = 32;

    /// <summary>The machine of this name, whether or not there is one yet.</summary>
    /// <param name="name">Lower case letters, digits and '-', beginning with a letter, at most 32.</param>
    /// <exception cref="PiException">It is no such name.</exception>
    public PiMachine Get(string name = Default) =>
        name.Length is > 0 and <= LongestName
        && char.IsAsciiLetterLower(name[0])
        && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-')
            ? new PiMachine(home, name)
            : throw new PiException($"'{name}' is no name for a virtual Pi: lower case letters, digits and '-', beginning with a letter, at most {LongestName}.");

    /// <summary>The machines there are, by name.</summary>
    public IReadOnlyList<PiMachine> List() => Directory.Exists(home.Machines)
        ? [.. Directory.EnumerateDirectories(home.Machines)
            .Select(path => new PiMachine(home, Path.GetFileName(path)))
            .Where(machine => machine.Exists)
            .OrderBy(machine => machine.Name, StringComparer.Ordinal)]
        : [];

    /// <summary>Deletes the throw-away machines whose process ended without doing so.</summary>
    internal async Task RemoveAbandonedAsync(CancellationToken cancellationToken)
    {
        foreach (var machine in List().Where(machine => machine.State().Owner is { IsAlive: false }))
        {
            await machine.DeleteAsync(cancellationToken);
        }
    }

    internal HashSet<int> PortsTaken() =>
        [.. List().Select(machine => machine.State()).SelectMany(state => new[] { state.WifiPort, state.ServicePort })];
}
