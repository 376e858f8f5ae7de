using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Monitor;

/// <summary>What the program says of the stack itself; it counts at the end of the run only.</summary>
internal sealed class StackOutputs
{
    /// <summary>The stack's URN, or empty.</summary>
    public string Urn { get; set; } = string.Empty;

    /// <summary>Null until the program has set them.</summary>
    public PropertyMap? Outputs { get; set; }

    /// <summary>The outputs to be kept: after a failure those that were not reached stay.</summary>
    public PropertyMap Over(PropertyMap old, bool failed) => (Outputs, failed) switch
    {
        (null, _) => old,
        (var outputs, false) => outputs,
        var (outputs, _) => outputs.Aggregate(old, (all, output) => all.With(output.Key, output.Value)),
    };
}
