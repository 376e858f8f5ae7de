using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources;

/// <summary>Every resource of this provider.</summary>
internal static class AllResources
{
    /// <summary>One handler for each, sharing what they share.</summary>
    public static IReadOnlyList<IResourceHandler> Create() => [];
}
