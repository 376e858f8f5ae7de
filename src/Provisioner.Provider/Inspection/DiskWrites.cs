namespace Provisioner.Provider.Inspection;

/// <summary>
/// How much was written to a disk since it was plugged in or its machine was started, whoever wrote it: a consent is bound to it, for
/// of a large disk only a little is read. Where the count cannot be compared with an older one, as after a restart, it is another one.
/// </summary>
internal static class DiskWrites
{
    /// <summary>What the fact is called.</summary>
    public const string Name = "written so far";

    /// <summary>The fact; null when the machine does not tell.</summary>
    public static string? Of(DiskFacts disk) => disk.Written?.Split(' ') is [var boot, var sectors]
        ? $"{sectors} sectors since it was plugged in (boot {boot}, disk {disk.Kernel?.Split(' ')[^1] ?? "-"})"
        : null;
}
