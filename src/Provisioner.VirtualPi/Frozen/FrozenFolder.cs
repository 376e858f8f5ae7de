namespace Provisioner.VirtualPi.Frozen;

/// <summary>The files of a frozen machine. They are never changed: clones lay their own cards over its card.</summary>
internal sealed record FrozenFolder(string Path)
{
    public string Memory => File("memory.zst");

    public string Card => File("card.qcow2");

    public string CardController => File("card-controller");

    /// <summary>The machine's state at that moment.</summary>
    public string State => File("machine.json");

    public string File(string name) => System.IO.Path.Combine(Path, name);
}
