namespace Provisioner.Cli.Display;

internal static class CancellationText
{
    /// <summary>After the first Ctrl-C.</summary>
    public const string Line = "cancelling: what is in flight is finished first; press Ctrl-C again to stop at once";
}
