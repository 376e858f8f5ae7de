using System.Collections.Immutable;
using Provisioner.CommandProvider.Commands;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Pulumi.Wire;

namespace Provisioner.CommandProvider.Local;

[Doc("Runs a command of this machine whenever the program runs, in a preview too. For what runs once and is remembered there is the resource Command.")]
internal record RunArgs : RunSettings, ILocalSettings
{
    [Doc("The command.")]
    public required string Command { get; init; }

    [Doc(LocalDocs.Interpreter)]
    public ImmutableArray<string>? Interpreter { get; init; }

    [Doc(LocalDocs.Dir)]
    public string? Dir { get; init; }

    [Doc(LocalDocs.AssetPaths)]
    public ImmutableArray<string>? AssetPaths { get; init; }

    [Doc(LocalDocs.ArchivePaths)]
    public ImmutableArray<string>? ArchivePaths { get; init; }

    /// <summary>What must hold beyond the types.</summary>
    public static ImmutableArray<Rule<RunArgs>> Rules { get; } =
    [
        .. RulesOf<RunArgs>(),
        .. ILocalSettings.RulesOf<RunArgs>(),
    ];
}

/// <summary>The answer.</summary>
internal sealed record RunResult : RunArgs
{
    [Doc(CommandDocs.Stdout)]
    public required string Stdout { get; init; }

    [Doc(CommandDocs.Stderr)]
    public required string Stderr { get; init; }

    [Doc(LocalDocs.Assets)]
    public ImmutableSortedDictionary<string, AssetOrArchive>? Assets { get; init; }

    [Doc(LocalDocs.Archive)]
    public PropertyValue.Archive? Archive { get; init; }
}

/// <summary><c>command:local:run</c>.</summary>
internal sealed class RunFunction : IFunctionHandler
{
    public string Name => "run";

    public string Module => "local";

    public Type ArgsType => typeof(RunArgs);

    public Type ResultType => typeof(RunResult);

    public async Task<PropertyMap> InvokeAsync(PropertyMap arguments, IOperationContext context, CancellationToken cancellation)
    {
        var decoded = RecordDecoder.Decode<RunArgs>(arguments);
        var failures = RuleCheck.Failures(RunArgs.Rules, decoded);
        if (!failures.IsEmpty || !decoded.IsComplete)
        {
            throw new InputInvalidException($"{Name} has arguments that do not fit", failures);
        }

        var result = await LocalRun.RunAsync(decoded.Value.Command, decoded.Value, null, context, cancellation);
        return result.Properties().Aggregate(arguments, (map, output) => map.With(output.Name, output.Value));
    }
}
