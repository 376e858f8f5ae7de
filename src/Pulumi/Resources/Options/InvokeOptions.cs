namespace Pulumi;

/// <summary>How a provider's function is called.</summary>
public class InvokeOptions
{
    /// <summary>The resource whose providers are used.</summary>
    public Resource? Parent { get; set; }

    /// <summary>The provider; the parent's of the same package, or the default one, when left out.</summary>
    public ProviderResource? Provider { get; set; }

    /// <summary>The provider's version.</summary>
    public string? Version { get; set; }

    /// <summary>Where the provider's plugin is downloaded from.</summary>
    public string? PluginDownloadURL { get; set; }
}

/// <summary>How a provider's function is called when its answer is an output.</summary>
public class InvokeOutputOptions : InvokeOptions
{
    /// <summary>What must be done before the call, besides what its inputs come from.</summary>
    public InputList<Resource> DependsOn
    {
        get => field ??= [];
        set;
    }
}
