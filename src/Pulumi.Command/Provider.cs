namespace Pulumi.Command;

/// <summary>The package's provider, for resources that name it in their options. It has no configuration.</summary>
[CommandResourceType("pulumi:providers:command")]
public partial class Provider : ProviderResource
{
    /// <param name="name">A name that no other provider of this package has.</param>
    /// <param name="args">The configuration.</param>
    /// <param name="options">How the engine treats the provider.</param>
    public Provider(string name, ProviderArgs? args = null, CustomResourceOptions? options = null)
        : base("command", name, args ?? new ProviderArgs(), options)
    {
    }
}

/// <summary>The configuration of a <see cref="Provider"/>: none.</summary>
public sealed class ProviderArgs : ResourceArgs
{
    /// <summary>No inputs.</summary>
    public static new ProviderArgs Empty => new();
}
