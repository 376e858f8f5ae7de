using Provisioner.Engine.Deployments;
using Provisioner.Engine.Projects;
using Provisioner.Engine.Secrets;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Backend;

/// <summary>The stacks of a backend for references to them, of whichever project. Looks without a lock: a state file is always whole.</summary>
internal sealed class StackReader(FileBackend backend, ISecretsProvider secrets) : IStackReader
{
    public async Task<Snapshot?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var (owner, stack) = name.Split('/') switch
        {
            ["organization", var project, var stackName] when StackName.IsValid(project) && StackName.IsValid(stackName) => (backend.Of(project), stackName),
            ["organization", var stackName] when StackName.IsValid(stackName) => (backend, stackName),
            [var stackName] when StackName.IsValid(stackName) => (backend, stackName),
            _ => throw new ConfigurationException($"\"{name}\" refers to no stack; a reference looks like organization/PROJECT/STACK, or STACK for one of this project."),
        };
        return owner.Exists(stack) ? await owner.LoadAsync(stack, secrets, cancellationToken) : null;
    }
}
