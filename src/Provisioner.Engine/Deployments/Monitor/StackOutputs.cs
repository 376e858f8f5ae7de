using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Monitor;

/// <summary>What the program says of the stack itself; it counts at the end of the run only.</summary>
internal sealed class StackOutputs
{
    /// <summary>The stack's URN, or empty.</summary>
    public string Urn { get; set; } = string.Empty;

    /// <summary>Null until the program has set them.</summary>
    public PropertyMap? Outputs { get; set; }

    /// <summary>
    /// The outputs to be kept: after a failure those that were not reached stay, and so do those of resources that an update
    /// with targets left out, for what is not known does not belong into a state.
    /// </summary>
    public PropertyMap Over(PropertyMap old, bool failed, bool preview)
    {
        if (Outputs is null)
        {
            return old;
        }

        var known = preview ? Outputs : PropertyMap.Of(Outputs
            .Select(output => output.Value.ContainsUnknowns() && old.TryGetValue(output.Key, out var before) ? KeyValuePair.Create(output.Key, before) : output)
            .Where(output => !output.Value.ContainsUnknowns()));
        return failed ? known.Aggregate(old, (all, output) => all.With(output.Key, output.Value)) : known;
    }
}
