using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments;

/// <summary>Other stacks of the backend, for references to them.</summary>
public interface IStackReader
{
    /// <param name="name"><c>organization/PROJECT/STACK</c>, or <c>STACK</c> for one of the same project.</param>
    /// <returns>The stack's state with its secrets opened; null when there is no such stack.</returns>
    /// <exception cref="EngineException">It is no such name, or the state cannot be read.</exception>
    Task<Snapshot?> ReadAsync(string name, CancellationToken cancellationToken);
}
