namespace Provisioner.Cli.Display;

/// <summary>What a run's output shows.</summary>
internal sealed record DisplayOptions
{
    /// <summary>Everything about each step: URN, id, provider, and the properties that stay.</summary>
    public bool Diff { get; init; }

    /// <summary>Also resources that do not change.</summary>
    public bool ShowSames { get; init; }

    /// <summary>No stack outputs.</summary>
    public bool SuppressOutputs { get; init; }

    /// <summary>Debug diagnostics too.</summary>
    public bool Debug { get; init; }

    /// <summary>The stack's secret outputs in clear.</summary>
    public bool ShowSecretOutputs { get; init; }

    /// <summary>Property diffs also in an update, since no preview has shown them.</summary>
    public bool DetailsInUpdates { get; init; }

    /// <summary>The columns of the terminal, or null where there is none.</summary>
    public int? Width { get; init; }
}
