using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.CommandProvider.Commands;

/// <summary>How a command is run, whatever it is and wherever it runs.</summary>
internal abstract partial record RunSettings
{
    private const string PreviousStdout = "PULUMI_COMMAND_STDOUT";
    private const string PreviousStderr = "PULUMI_COMMAND_STDERR";

    // One string of an environment is at most 128 KiB on Linux (MAX_ARG_STRLEN), its name and an end included.
    private const int LongestVariable = (128 * 1024) - 1;

    [Doc("Variables for the command's environment, besides those that are there.")]
    public ImmutableSortedDictionary<string, string>? Environment { get; init; }

    [Doc("What the command reads from its standard input; nothing when it is left out.")]
    public string? Stdin { get; init; }

    [Doc("Which of the command's outputs are shown while it runs; both when it is left out.")]
    public Logging? Logging { get; init; }

    [Doc("Whether stdout and stderr of the run before are in the environment, as PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR; they are when it is left out.")]
    public bool? AddPreviousOutputInEnv { get; init; }

    /// <summary>The variables, those of the run before included.</summary>
    /// <exception cref="InputInvalidException">A variable is longer than an environment takes.</exception>
    public ImmutableSortedDictionary<string, string> Variables(CommandOutcome? previous)
    {
        var variables = Environment ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        if (AddPreviousOutputInEnv != false && previous is not null)
        {
            variables = Previous(Previous(variables, PreviousStdout, previous.Stdout), PreviousStderr, previous.Stderr);
        }

        return variables.FirstOrDefault(variable => TooLong(variable.Key, variable.Value)) is { Key: { } name }
            ? throw new InputInvalidException($"The variable {name} is too long for an environment")
            {
                Why = "Linux takes 128 KiB",
                Next = name is PreviousStdout or PreviousStderr ? "set addPreviousOutputInEnv to false, or have the command write less" : "give the value through stdin",
            }
            : variables;
    }

    /// <summary>What must hold of these properties beyond the types.</summary>
    protected static ImmutableArray<Rule<T>> RulesOf<T>()
        where T : RunSettings =>
    [
        Rule<T>.Of(
            settings => settings.Environment?.Keys.FirstOrDefault(name => !VariableName().IsMatch(name)) is { } wrong
                ? $"\"{wrong}\" is no name of a variable: it has letters, digits and underscores, and begins with no digit"
                : settings.Environment?.FirstOrDefault(variable => !ShellQuoting.CanQuote(variable.Value)) is { Key: { } name }
                    ? $"the value of {name} has a NUL character or half a surrogate pair in it, which no environment can hold"
                    : null,
            nameof(Environment)),
    ];

    private static ImmutableSortedDictionary<string, string> Previous(ImmutableSortedDictionary<string, string> variables, string name, string text) =>
        text.Length == 0 ? variables : variables.SetItem(name, text);

    private static bool TooLong(string name, string value) => name.Length + 1 + Encoding.UTF8.GetByteCount(value) >= LongestVariable;

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*\\z")]
    private static partial Regex VariableName();
}
