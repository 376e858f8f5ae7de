namespace Provisioner.Cli;

/// <summary>The process's exit codes: Pulumi's.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Error = 1;

    /// <summary>Flags, arguments or configuration are wrong; nothing was done.</summary>
    public const int Usage = 2;

    public const int StackNotFound = 6;

    /// <summary>There were changes, and <c>--expect-no-changes</c> was given.</summary>
    public const int ChangesNotExpected = 7;

    public const int Cancelled = 8;
}
