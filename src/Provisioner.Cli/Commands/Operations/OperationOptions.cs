using System.CommandLine;
using Provisioner.Engine.Deployments;

namespace Provisioner.Cli.Commands.Operations;

/// <summary>The flags of up, preview, refresh and destroy; each command takes those that it knows.</summary>
internal sealed class OperationOptions
{
    public Option<string> Stack { get; } = StackOption.Create();

    public Option<bool> Yes { get; } = Flag("Carry out without asking", "--yes", "-y");

    public Option<bool> SkipPreview { get; } = Flag("Do not preview before carrying out", "--skip-preview", "-f");

    public Option<bool> PreviewOnly { get; } = Flag("Preview only", "--preview-only");

    public Option<bool> Json { get; } = Flag("Emit one JSON document, the digest of the run, when it is over", "--json", "-j");

    public Option<bool> Diff { get; } = Flag("Show all about each step: URN, id, provider, and what stays as it is", "--diff");

    public Option<bool> ExpectNoChanges { get; } = Flag("Exit with 7 if there are any changes", "--expect-no-changes");

    public Option<bool> Refresh { get; } = Flag("Read every resource before planning", "--refresh", "-r");

    public Option<bool> ShowSames { get; } = Flag("Also show resources that stay as they are", "--show-sames");

    public Option<bool> SuppressOutputs { get; } = Flag("Do not show the stack's outputs", "--suppress-outputs");

    public Option<bool> ShowSecrets { get; } = Flag("Show the stack's secret outputs in clear", "--show-secrets");

    public Option<bool> Debug { get; } = Flag("Show the debug messages of program and plugins", "--debug", "-d");

    public Option<bool> ClearPendingCreates { get; } = Flag("Forget creations that an interrupted run left behind; what they made may exist", "--clear-pending-creates");

    public Option<bool> TargetDependents { get; } = Flag("Also what depends on the targets", "--target-dependents");

    public Option<bool> ExcludeDependents { get; } = Flag("Also leave alone what depends on the excluded ones", "--exclude-dependents");

    public Option<int> Parallel { get; } = new("--parallel", "-p")
    {
        Description = "How many steps may run at once; 0 for four for each processor",
        HelpName = "number",
    };

    public Option<string[]> Target { get; } = Urns("Only this resource; repeatable. Globs: * within a part, ** across parts", "--target", "-t");

    public Option<string[]> Exclude { get; } = Urns("All but this resource; repeatable. Globs as for --target", "--exclude");

    public Option<string[]> Replace { get; } = Urns("Replace this resource; repeatable", "--replace");

    /// <summary>What goes with every operation that changes something.</summary>
    public IEnumerable<Option> Common => [Stack, Json, Diff, ExpectNoChanges, Parallel, Target, TargetDependents, Exclude, ExcludeDependents, ShowSames, SuppressOutputs, Debug];

    public IEnumerable<Option> Confirmation => [Yes, SkipPreview, PreviewOnly];

    public static OperationOptions Create()
    {
        var options = new OperationOptions();
        options.Parallel.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 0)
            {
                result.AddError("--parallel must be 0 or more");
            }
        });
        return options;
    }

    public DeploymentOptions Deployment(ParseResult parsed, bool refresh, bool debug) => new()
    {
        Parallel = parsed.GetValue(Parallel),
        Refresh = refresh,
        Targets = [.. parsed.GetValue(Target) ?? []],
        TargetDependents = parsed.GetValue(TargetDependents),
        Excludes = [.. parsed.GetValue(Exclude) ?? []],
        ExcludeDependents = parsed.GetValue(ExcludeDependents),
        Replace = [.. parsed.GetValue(Replace) ?? []],
        ClearPendingCreates = parsed.GetValue(ClearPendingCreates),
        Debug = debug,
    };

    private static Option<bool> Flag(string description, string name, params string[] aliases) => new(name, aliases) { Description = description };

    private static Option<string[]> Urns(string description, string name, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "urn",
        Arity = ArgumentArity.ZeroOrMore,
    };
}
