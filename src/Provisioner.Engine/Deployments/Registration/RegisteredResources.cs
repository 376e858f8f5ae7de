using System.Collections.Concurrent;
using Provisioner.Engine.Deployments.Snapshots;

namespace Provisioner.Engine.Deployments.Registration;

/// <summary>What the program has registered so far.</summary>
internal sealed class RegisteredResources
{
    private readonly ConcurrentDictionary<string, RegisteredResource> _byUrn = new(StringComparer.Ordinal);

    /// <summary>Takes a URN; each can be taken once in a run.</summary>
    /// <exception cref="GoalException">It has been taken.</exception>
    public RegisteredResource Claim(string urn, ResourceGoal goal)
    {
        var resource = new RegisteredResource(goal);
        return _byUrn.TryAdd(urn, resource)
            ? resource
            : throw new GoalException($"The URN {urn} is registered twice; give one of the two another name.");
    }

    /// <summary>The URNs that have been taken.</summary>
    public IEnumerable<string> Urns => _byUrn.Keys;

    public RegisteredResource? Find(string urn) => _byUrn.GetValueOrDefault(urn);

    public bool Contains(string urn) => _byUrn.ContainsKey(urn);
}

/// <summary>A registration and what came of it.</summary>
internal sealed class RegisteredResource(ResourceGoal goal)
{
    public ResourceGoal Goal { get; } = goal;

    /// <summary>Null until its steps are done, and for a creation that was skipped.</summary>
    public ResourceEntry? Entry { get; set; }

    /// <summary>It is new, but not among what the run works on.</summary>
    public bool IsSkipped { get; set; }

    /// <summary>The run works on it; see <see cref="Execution.Selection"/>.</summary>
    public bool IsChosen { get; set; }

    /// <summary>This run replaces it.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>The URN under which it was found in the state, when that is another.</summary>
    public string? FormerUrn { get; set; }
}

/// <summary>What a program asks for cannot be. The message says what and why.</summary>
internal sealed class GoalException(string message) : Exception(message);
