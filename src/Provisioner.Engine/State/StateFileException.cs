namespace Provisioner.Engine.State;

/// <summary>A state file that cannot be used. It is never written over.</summary>
public sealed class StateFileException(string message, Exception? innerException = null) : EngineException("state-file", message, innerException);
