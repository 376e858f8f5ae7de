using System.CommandLine;
using Provisioner.Cli.Display;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Deployments;

namespace Provisioner.Cli.Commands.Operations;

/// <summary>What one call of up, preview, refresh or destroy is to do.</summary>
internal sealed record OperationSettings(DeploymentKind Kind, string? Stack, DeploymentOptions Deployment, DisplayOptions Display)
{
    public bool Preview { get; init; }

    public bool CarryOut { get; init; }

    /// <summary>Nobody is asked between preview and carrying out.</summary>
    public bool Yes { get; init; }

    public bool Json { get; init; }

    public bool ExpectNoChanges { get; init; }

    /// <exception cref="CliException">Flags do not go together, or nobody could say yes.</exception>
    public static OperationSettings Of(Session session, ParseResult parsed, OperationOptions options, DeploymentKind kind, bool previewOnly, bool skipPreview = false)
    {
        previewOnly |= parsed.GetValue(options.PreviewOnly);
        var json = parsed.GetValue(options.Json);
        skipPreview |= parsed.GetValue(options.SkipPreview);
        var yes = parsed.GetValue(options.Yes) || session.Context.Variable("PULUMI_SKIP_CONFIRMATIONS") is "1" or "true";
        var debug = session.IsVerbose || parsed.GetValue(options.Debug);
        if (previewOnly && skipPreview)
        {
            throw new CliException(ExitCodes.Usage, "--preview-only and --skip-preview exclude each other");
        }

        if (parsed.GetValue(options.Target) is { Length: > 0 } && parsed.GetValue(options.Exclude) is { Length: > 0 })
        {
            throw new CliException(ExitCodes.Usage, "--target and --exclude exclude each other");
        }

        if (!previewOnly && !yes && !skipPreview && (json || !session.IsInteractive))
        {
            throw new CliException(ExitCodes.Usage, $"--yes or --skip-preview must be passed in to proceed {(json ? "with --json" : "when running in non-interactive mode")}");
        }

        return new OperationSettings(
            kind,
            parsed.GetValue(options.Stack),
            options.Deployment(parsed, parsed.GetValue(options.Refresh), debug),
            new DisplayOptions
            {
                Diff = parsed.GetValue(options.Diff),
                ShowSames = parsed.GetValue(options.ShowSames),
                SuppressOutputs = parsed.GetValue(options.SuppressOutputs),
                ShowSecretOutputs = parsed.GetValue(options.ShowSecrets),
                Debug = debug,
                DetailsInUpdates = skipPreview,
                Width = session.Context.OutputIsTerminal ? session.Context.Size().Width : null,
            })
        {
            // One document is what a script wants: with JSON the run itself tells all.
            Preview = previewOnly || !(skipPreview || json),
            CarryOut = !previewOnly,
            Yes = yes,
            Json = json,
            ExpectNoChanges = parsed.GetValue(options.ExpectNoChanges),
        };
    }
}
