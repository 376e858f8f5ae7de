using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Pulumi.Wire;

namespace Provisioner.CommandProvider.Commands;

/// <summary>
/// A resource that is made by a command: create makes it, update changes it (or create again), delete takes it away, and triggers
/// make it anew. A preview runs nothing, and nothing is ever read: what a command has made only its author knows.
/// </summary>
/// <typeparam name="TArgs">The inputs.</typeparam>
/// <typeparam name="TState">The outputs, the inputs among them.</typeparam>
internal abstract class CommandHandler<TArgs, TState>(Action<Span<byte>> random) : IResourceHandler
    where TArgs : CommandArgs
    where TState : TArgs, ICommandState
{
    // A connection is a secret of the way to a command, not of what the command says.
    private const string Connection = "connection";

    public string Name => "Command";

    public abstract string Module { get; }

    public string Description => RecordShape.Of(typeof(TArgs)).Description;

    public bool RefreshBeforeUpdate => false;

    public Type ArgsType => typeof(TArgs);

    public Type StateType => typeof(TState);

    /// <summary>Checks that need no run.</summary>
    protected abstract ImmutableArray<Rule<TArgs>> Rules { get; }

    public CheckResult Check(PropertyMap news, IOperationContext context) => Inputs.Check(news, Rules);

    public DiffResult Diff(PropertyMap olds, PropertyMap oldInputs, PropertyMap news, IOperationContext context) =>
        new(Triggers.Mark(Inputs.Changes(oldInputs, news)), DeleteBeforeReplace: false);

    public async Task<ResourceResult> CreateAsync(PropertyMap inputs, IOperationContext context, CancellationToken cancellation)
    {
        if (context.IsPreview)
        {
            return new ResourceResult(string.Empty, Outputs(inputs, Given(inputs, "create") ? Unknown(inputs) : new CommandOutcome(string.Empty, string.Empty).Properties()));
        }

        var args = Inputs.Require<TArgs>(this, inputs, context);
        var result = args.Create is { } command ? await RunAsync(command, args, null, context, cancellation) : new CommandOutcome(string.Empty, string.Empty);
        return new ResourceResult(ResourceId.New(context.Name, random), Outputs(inputs, result.Properties()));
    }

    public async Task<ResourceResult> UpdateAsync(string id, PropertyMap olds, PropertyMap oldInputs, PropertyMap news, IOperationContext context, CancellationToken cancellation)
    {
        if (context.IsPreview)
        {
            return new ResourceResult(id, Outputs(news, Given(news, "update") || Given(news, "create") ? Unknown(news) : Kept(olds)));
        }

        var args = Inputs.Require<TArgs>(this, news, context);
        var result = (args.Update ?? args.Create) is { } command
            ? (await RunAsync(command, args, Previous(Inputs.State<TState>(this, olds, context)), context, cancellation)).Properties()
            : Kept(olds);
        return new ResourceResult(id, Outputs(news, result));
    }

    public Task<ResourceResult?> ReadAsync(string id, PropertyMap? olds, PropertyMap? oldInputs, IOperationContext context, CancellationToken cancellation) =>
        Task.FromResult<ResourceResult?>(olds is null || oldInputs is null ? throw ResourceId.NotImported(Name, id) : new ResourceResult(id, olds));

    public async Task DeleteAsync(string id, PropertyMap olds, PropertyMap oldInputs, IOperationContext context, CancellationToken cancellation)
    {
        var state = Inputs.State<TState>(this, olds, context);
        if (state.Delete is { } command)
        {
            await RunAsync(command, state, Previous(state), context, cancellation);
        }
    }

    /// <summary>Runs a command to its good end.</summary>
    /// <param name="previous">What the run before left; null for the first.</param>
    /// <exception cref="ProviderException">It could not be started, or did not end well.</exception>
    protected abstract Task<CommandOutcome> RunAsync(string command, TArgs args, CommandOutcome? previous, IOperationContext context, CancellationToken cancellation);

    /// <summary>What a run will leave.</summary>
    private static IEnumerable<(string Name, PropertyValue Value)> Unknown(PropertyMap inputs) =>
        Names.Where(name => name is "stdout" or "stderr" || Given(inputs, name == "assets" ? "assetPaths" : "archivePaths")).Select(name => (name, PropertyValue.UnknownValue));

    private static string[] Names { get; } = ["stdout", "stderr", "assets", "archive"];

    private static IEnumerable<(string Name, PropertyValue Value)> Kept(PropertyMap olds) =>
        Names.Where(olds.ContainsKey).Select(name => (name, olds[name]));

    private static CommandOutcome Previous(TState state) => new(state.Stdout, state.Stderr);

    private static bool Given(PropertyMap inputs, string name) => inputs.TryGetValue(name, out var value) && value.Unwrap() is not PropertyValue.Null;

    /// <summary>A command may say what it was given: with a secret among its inputs, what it leaves is secret too.</summary>
    private static PropertyMap Outputs(PropertyMap inputs, IEnumerable<(string Name, PropertyValue Value)> result)
    {
        var isSecret = inputs.Any(input => input.Key != Connection && input.Value.ContainsSecrets());
        return result.Aggregate(inputs, (map, output) =>
            map.With(output.Name, isSecret && output.Value is not PropertyValue.Secret ? new PropertyValue.Secret(output.Value) : output.Value));
    }
}
