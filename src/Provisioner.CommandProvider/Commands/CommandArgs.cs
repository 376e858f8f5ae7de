using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Pulumi.Wire;

namespace Provisioner.CommandProvider.Commands;

/// <summary>What every kind of command resource takes.</summary>
internal abstract record CommandArgs : RunSettings
{
    [Doc("The command that makes what the resource stands for. It also runs when an input changes, as long as there is no update.")]
    public string? Create { get; init; }

    [Doc("The command that runs when an input changes; create when it is left out.")]
    public string? Update { get; init; }

    [Doc("The command that takes away what create made; nothing is run when it is left out.")]
    public string? Delete { get; init; }

    [Replaces]
    [Doc("Values of any kind: when one changes, the resource is made anew, by create, and by delete for the old one.")]
    public ImmutableArray<PropertyValue>? Triggers { get; init; }

    /// <summary>What must hold beyond the types.</summary>
    protected static ImmutableArray<Rule<T>> CommandRules<T>()
        where T : CommandArgs =>
    [
        .. RulesOf<T>(),
        Text<T>(args => args.Create, nameof(Create)),
        Text<T>(args => args.Update, nameof(Update)),
        Text<T>(args => args.Delete, nameof(Delete)),
    ];

    private static Rule<T> Text<T>(Func<T, string?> command, string name) => Rule<T>.Of(
        args => command(args) is { } text && !ShellQuoting.CanQuote(text) ? "has a NUL character or half a surrogate pair in it, which no command can hold" : null,
        name);
}

/// <summary>What a command resource gives out besides its inputs.</summary>
internal interface ICommandState
{
    string Stdout { get; }

    string Stderr { get; }
}

/// <summary>What all of them have in common to say.</summary>
internal static class CommandDocs
{
    public const string Stdout = "What the command wrote to its standard output, without the line end at its end.";
    public const string Stderr = "What the command wrote to its standard error, without the line end at its end.";
}
