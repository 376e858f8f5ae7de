namespace Provisioner.Engine;

/// <summary>A failure that a person can act on: the message says what is wrong, where, and the way out, and never holds a secret.</summary>
/// <param name="code">Stable, lower case with hyphens; scripts may rely on it.</param>
public abstract class EngineException(string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Stable name of this kind of failure, such as <c>stack-locked</c>.</summary>
    public string Code { get; } = code;
}
