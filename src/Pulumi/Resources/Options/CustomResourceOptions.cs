namespace Pulumi;

/// <summary>How the engine treats a resource that a provider manages.</summary>
public sealed class CustomResourceOptions : ResourceOptions
{
    /// <summary>No wishes.</summary>
    public CustomResourceOptions()
    {
    }

    private CustomResourceOptions(CustomResourceOptions other)
        : base(other)
    {
        DeleteBeforeReplace = other.DeleteBeforeReplace;
        AdditionalSecretOutputs = [.. other.AdditionalSecretOutputs];
        ImportId = other.ImportId;
    }

    /// <summary>Delete the old one before the new one is created; the provider's choice when left out.</summary>
    public bool? DeleteBeforeReplace { get; set; }

    /// <summary>Outputs to treat as secrets.</summary>
    public List<string> AdditionalSecretOutputs
    {
        get => field ??= [];
        set;
    }

    /// <summary>The id of an existing thing to take over.</summary>
    public string? ImportId { get; set; }

    /// <summary>New options: lists are joined, single values are the second's where it has one. Neither argument is changed.</summary>
    public static CustomResourceOptions Merge(CustomResourceOptions? options1, CustomResourceOptions? options2)
    {
        var merged = options1 is null ? new CustomResourceOptions() : new CustomResourceOptions(options1);
        if (options2 is not null)
        {
            merged.MergeFrom(options2);
            merged.DeleteBeforeReplace = options2.DeleteBeforeReplace ?? merged.DeleteBeforeReplace;
            merged.AdditionalSecretOutputs.AddRange(options2.AdditionalSecretOutputs);
            merged.ImportId = options2.ImportId ?? merged.ImportId;
        }

        return merged;
    }

    internal override ResourceOptions Clone() => new CustomResourceOptions(this);
}
