namespace Provisioner.Cli.Terminal;

/// <summary>Questions to the person at the terminal. Only asked when there is one.</summary>
internal interface IPrompts
{
    /// <summary>A text that is not shown while it is typed.</summary>
    Task<string> SecretAsync(string question, CancellationToken cancellationToken);

    /// <summary>One of the choices.</summary>
    Task<string> ChooseAsync(string question, IReadOnlyList<string> choices, CancellationToken cancellationToken);

    /// <summary>A line of text.</summary>
    Task<string> TextAsync(string question, CancellationToken cancellationToken);
}
