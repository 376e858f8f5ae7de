namespace Provisioner.Engine.Hosts;

/// <summary>A program or a plugin cannot be found, built or started. The message says which, why, and what to do.</summary>
internal sealed class HostException(string message) : EngineException("host-not-started", message);
