using System.Collections.Immutable;
using Provisioner.CommandProvider.Commands;
using Provisioner.Provider.Modelling;

namespace Provisioner.CommandProvider.Remote;

[Doc("A command of another machine, run over SSH once when the resource is created, and again when an input changes. Command, environment and standard input reach the machine through the connection's own stream: no command line there shows them.")]
internal record RemoteCommandArgs : CommandArgs
{
    [Secret]
    [Doc("The machine, and how to log in to it.")]
    public required Connection Connection { get; init; }

    /// <summary>What must hold beyond the types.</summary>
    public static ImmutableArray<Rule<RemoteCommandArgs>> Rules { get; } =
    [
        .. CommandRules<RemoteCommandArgs>(),
        Rule<RemoteCommandArgs>.Of(args => args.Connection.Problem("connection"), nameof(Connection)),
    ];
}

/// <summary>The outputs.</summary>
internal sealed record RemoteCommandState : RemoteCommandArgs, ICommandState
{
    [Doc(CommandDocs.Stdout)]
    public required string Stdout { get; init; }

    [Doc(CommandDocs.Stderr)]
    public required string Stderr { get; init; }
}
