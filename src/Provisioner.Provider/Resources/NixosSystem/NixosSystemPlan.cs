using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>What to do about a system.</summary>
internal sealed record NixosSystemPlan : ResourcePlan
{
    /// <summary>Which step takes the flake, which is read when it is sent; -1 for none.</summary>
    public int Sends { get; init; } = -1;

    /// <summary>Which step has the flake evaluated and compared on the device; -1 where another machine does, or there is no flake.</summary>
    public int Asks { get; init; } = -1;

    /// <summary>Another store path comes of it, which is known only then.</summary>
    public bool Builds { get; init; }
}
