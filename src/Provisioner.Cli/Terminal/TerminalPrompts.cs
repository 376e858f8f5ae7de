using Spectre.Console;

namespace Provisioner.Cli.Terminal;

/// <summary>Questions asked with Spectre.Console on standard error, so that standard output stays the command's own.</summary>
internal sealed class TerminalPrompts : IPrompts
{
    private readonly Lazy<IAnsiConsole> _console = new(() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Console.Error),
        Interactive = InteractionSupport.Yes,
    }));

    public Task<string> SecretAsync(string question, CancellationToken cancellationToken) =>
        new TextPrompt<string>(Markup.Escape(question)).Secret(null).AllowEmpty().ShowAsync(_console.Value, cancellationToken);

    public Task<string> ChooseAsync(string question, IReadOnlyList<string> choices, CancellationToken cancellationToken) =>
        new SelectionPrompt<string>().Title(Markup.Escape(question)).AddChoices(choices).ShowAsync(_console.Value, cancellationToken);

    public Task<string> TextAsync(string question, CancellationToken cancellationToken) =>
        new TextPrompt<string>(Markup.Escape(question)).ShowAsync(_console.Value, cancellationToken);
}
