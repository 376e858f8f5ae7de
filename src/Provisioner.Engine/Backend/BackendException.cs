namespace Provisioner.Engine.Backend;

/// <summary>The backend cannot do what was asked.</summary>
public class BackendException(string code, string message, Exception? innerException = null) : EngineException(code, message, innerException);

/// <summary>There is no such stack.</summary>
public sealed class StackNotFoundException(string stack, string backend)
    : BackendException("stack-not-found", $"no stack named \"{stack}\" in {backend}. See which there are with `stack ls`, or make it with `stack init {stack}`.")
{
    public string Stack { get; } = stack;
}

/// <summary>There is such a stack already.</summary>
public sealed class StackExistsException(string stack, string backend)
    : BackendException("stack-exists", $"the stack \"{stack}\" exists already in {backend}. Use it with `stack select {stack}`.")
{
    public string Stack { get; } = stack;
}

/// <summary>Somebody else is changing the stack.</summary>
public sealed class StackLockedException(string stack, IReadOnlyList<string> holders)
    : BackendException(
        "stack-locked",
        $"the stack \"{stack}\" is locked by {holders.Count} other operation(s):{Environment.NewLine}{string.Join(Environment.NewLine, holders.Select(holder => $"  {holder}"))}")
{
    public string Stack { get; } = stack;

    /// <summary>One line for each lock: its file, who holds it since when, and the way out.</summary>
    public IReadOnlyList<string> Holders { get; } = holders;
}
