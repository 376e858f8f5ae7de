using System.Collections.Immutable;
using Provisioner.CommandProvider.Commands;
using Provisioner.Provider.Modelling;

namespace Provisioner.CommandProvider.Local;

/// <summary><c>command:local:Command</c>.</summary>
internal sealed class LocalCommandHandler(Action<Span<byte>> random) : CommandHandler<LocalCommandArgs, LocalCommandState>(random)
{
    public override string Module => "local";

    protected override ImmutableArray<Rule<LocalCommandArgs>> Rules => LocalCommandArgs.Rules;

    protected override Task<CommandOutcome> RunAsync(string command, LocalCommandArgs args, CommandOutcome? previous, IOperationContext context, CancellationToken cancellation) =>
        LocalRun.RunAsync(command, args, previous, context, cancellation);
}
