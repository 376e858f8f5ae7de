using System.Collections.Concurrent;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;

namespace Provisioner.Engine.Deployments.Monitor;

/// <summary>Packages that a program has registered, by the reference it got for each.</summary>
internal sealed class PackageReferences(Func<Guid> newId)
{
    private readonly ConcurrentDictionary<PackageRequest, string> _references = new();

    /// <summary>The same package has the same reference.</summary>
    public string Register(PackageRequest package) => _references.GetOrAdd(package, _ => newId().ToString());

    /// <exception cref="GoalException">There is no such reference.</exception>
    public PackageRequest Find(string reference) =>
        _references.FirstOrDefault(entry => entry.Value == reference).Key
        ?? throw new GoalException($"The package reference \"{reference}\" has not been registered.");
}
