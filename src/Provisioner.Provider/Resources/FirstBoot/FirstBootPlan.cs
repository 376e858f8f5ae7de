using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.FirstBoot;

/// <summary>What to do about a hand-over.</summary>
internal sealed record FirstBootPlan : ResourcePlan
{
    /// <summary>The steps from here on run only once the device is proven; equal to the number of steps when there is none.</summary>
    public int ProvenFrom { get; init; }

    /// <summary>Whether the device is restarted.</summary>
    public bool Restarts { get; init; }
}
