namespace Provisioner.Cli.Rehearsal;

/// <summary>One thing that the rehearsal shows. Showing it fails with a <see cref="ProofFailedException"/>.</summary>
/// <param name="Part">The part of the rehearsal that it belongs to, one of <see cref="MainJob.Parts"/>.</param>
/// <param name="Title">What holds when it is shown, as a person reads it.</param>
internal sealed record Proof(string Part, string Title, Func<CancellationToken, Task> ShowAsync);

/// <summary>How a proof ended.</summary>
internal enum Verdict
{
    Passed,
    Failed,

    /// <summary>A proof before it failed, and this one stands on that.</summary>
    NotReached,
}

/// <param name="Why">What was seen instead; empty for a proof that passed.</param>
internal sealed record ProofResult(string Title, Verdict Verdict, TimeSpan Elapsed, string Why);

/// <summary>What was to be shown does not hold.</summary>
internal sealed class ProofFailedException(string seen) : Exception(seen)
{
    /// <summary>Fails the proof unless the condition holds.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="seen">What was seen instead, and where to look.</param>
    public static void Unless(bool holds, string seen)
    {
        if (!holds)
        {
            throw new ProofFailedException(seen);
        }
    }
}
