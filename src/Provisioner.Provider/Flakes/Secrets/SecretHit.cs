namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>A place in a text that looks like a secret.</summary>
/// <param name="Kind">What it looks like.</param>
/// <param name="Line">From 1.</param>
/// <param name="Certainty">How sure that is.</param>
/// <param name="Reason">Why, in words that do not quote it.</param>
internal sealed record SecretHit(SecretKind Kind, int Line, SecretCertainty Certainty, string Reason)
{
    /// <summary>What was found itself. It is only good for <see cref="SecretToken"/>, and no text holds it.</summary>
    public required string Content { get; init; }

    /// <summary>Without the content.</summary>
    public override string ToString() => $"{Kind} in line {Line}, {Certainty}: {Reason}";
}
