using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Execution;

/// <summary>Which resources a run works on: all of them, those that <c>--target</c> names, or all but those that <c>--exclude</c> names.</summary>
internal sealed class Selection(DeploymentOptions options)
{
    public TargetSelector Targets { get; } = new(options.Targets);

    public TargetSelector Excludes { get; } = new(options.Excludes);

    /// <summary>Whether a resource is worked on.</summary>
    /// <param name="needs">The URNs that it refers to.</param>
    /// <param name="isChosen">Whether one of those is worked on; null when that is not known.</param>
    public bool Chooses(string urn, IEnumerable<string> needs, Func<string, bool?> isChosen) => Targets.IsEmpty
        ? !Excludes.Names(urn) && !(options.ExcludeDependents && needs.Any(needed => isChosen(needed) == false))
        : Targets.Names(urn) || (options.TargetDependents && needs.Any(needed => isChosen(needed) == true));

    /// <summary>Says of each of a state's resources whether it is worked on.</summary>
    /// <param name="resources">In the state's order: what one needs comes before it.</param>
    public Func<string, bool> Among(IEnumerable<ResourceState> resources)
    {
        var chosen = new Dictionary<string, bool>(StringComparer.Ordinal);
        bool? IsChosen(string urn) => chosen.TryGetValue(urn, out var known) ? known : null;
        foreach (var resource in resources)
        {
            chosen[resource.Urn] = Chooses(resource.Urn, References.Of(resource), IsChosen);
        }

        return urn => chosen.GetValueOrDefault(urn);
    }

    /// <exception cref="GoalException">A target or an exclusion names none of the resources.</exception>
    public void RequireMatches(IReadOnlyCollection<string> urns)
    {
        Require("--target", Targets, urns);
        Require("--exclude", Excludes, urns);
    }

    /// <exception cref="GoalException">A pattern of the option names none of the resources.</exception>
    public static void Require(string option, TargetSelector selector, IReadOnlyCollection<string> urns)
    {
        var lines = selector.Unmatched(urns).Select(pattern =>
            $"{option} '{pattern}' could not be found in the stack. It takes a URN, or a glob for URNs such as '**::NAME'; quote it, for a URN may hold a $. \"preview --diff --show-sames\" shows the URNs.");
        var text = string.Join('\n', lines);
        if (text.Length > 0)
        {
            throw new GoalException(text);
        }
    }
}
