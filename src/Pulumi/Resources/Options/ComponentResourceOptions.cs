namespace Pulumi;

/// <summary>How the engine treats a component.</summary>
public sealed class ComponentResourceOptions : ResourceOptions
{
    /// <summary>No wishes.</summary>
    public ComponentResourceOptions()
    {
    }

    private ComponentResourceOptions(ComponentResourceOptions other)
        : base(other) =>
        Providers = [.. other.Providers];

    /// <summary>Providers for the component's children, at most one of each package.</summary>
    public List<ProviderResource> Providers
    {
        get => field ??= [];
        set;
    }

    /// <summary>
    /// New options: lists are joined, single values are the second's where it has one, and so are providers of the same package.
    /// Neither argument is changed.
    /// </summary>
    public static ComponentResourceOptions Merge(ComponentResourceOptions? options1, ComponentResourceOptions? options2)
    {
        var merged = options1 is null ? new ComponentResourceOptions() : new ComponentResourceOptions(options1);
        if (options2 is not null)
        {
            merged.MergeFrom(options2);
            merged.Providers = [.. merged.Providers.Concat(options2.Providers)
                .GroupBy(provider => provider.Package, StringComparer.Ordinal)
                .Select(same => same.Last())];
        }

        return merged;
    }

    internal override ResourceOptions Clone() => new ComponentResourceOptions(this);
}
