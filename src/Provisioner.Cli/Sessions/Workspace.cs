using Provisioner.Cli.Commands;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Projects;
using Provisioner.Engine.Secrets;

namespace Provisioner.Cli.Sessions;

/// <summary>The project around the working directory, with its stacks and their secrets.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly Session _session;
    private readonly StackSelection _selection;

    private Workspace(Session session, Project project, HostEnvironment host)
    {
        _session = session;
        Project = project;
        Backend = FileBackend.Open(project, host, session.Context.Time);
        _selection = new StackSelection(project, Backend.Location.Url, host);
        Secrets = new PassphraseSecrets(new PassphraseSource(
            session.Context.Variable,
            session.CanAsk ? AskPassphraseAsync : null));
    }

    public Project Project { get; }

    public FileBackend Backend { get; }

    public PassphraseSecrets Secrets { get; }

    /// <summary>The stack that is selected, or null.</summary>
    public string? Selected => _selection.Current();

    /// <summary>Opens the project of the working directory; where there is none, the launcher's own.</summary>
    /// <exception cref="ProjectFileException">There is none, or it cannot be used.</exception>
    public static Workspace Open(Session session)
    {
        var context = session.Context;
        var folder = ProjectFile.Find(context.WorkingDirectory) is null && context.HomeDirectory.Length > 0 ? context.HomeDirectory : context.WorkingDirectory;
        return new Workspace(session, ProjectFile.Load(folder), HostEnvironment.Current with
        {
            Variable = context.Variable,
            HomeDirectory = context.Variable("HOME") is { Length: > 0 } home ? home : HostEnvironment.Current.HomeDirectory,
        });
    }

    /// <summary>The stack that is asked for, or else the one selected; it exists.</summary>
    /// <exception cref="CliException">There is none, and nobody to choose one.</exception>
    public async Task<string> RequireStackAsync(string? asked, CancellationToken cancellationToken)
    {
        var stack = asked is { Length: > 0 } ? StackName.Parse(asked, Project.Name) : Selected ?? await ChooseAsync(cancellationToken);
        return Backend.Exists(stack) ? stack : throw NotFound(stack);
    }

    /// <summary>The stack's configuration: its own file, or the one that <c>--config-file</c> names.</summary>
    public StackFile StackFileOf(string stack) => StackFile.Load(Project, stack, _session.ConfigFile);

    /// <summary>The error for a stack that does not exist, with what may have been meant.</summary>
    public CliException NotFound(string stack)
    {
        var known = Backend.List().Select(entry => entry.Name).ToList();
        var hint = Suggestion.Nearest(stack, known) is { } near
            ? $"Did you mean \"{near}\"?"
            : File.Exists(StackFile.PathOf(Project, stack)) || known.Count == 0
                ? $"Make it with `{CommandLine.Name} stack init {stack}`."
                : $"There are: {string.Join(", ", known)}. Make a new one with `{CommandLine.Name} stack init {stack}`.";
        return new CliException(ExitCodes.StackNotFound, $"no stack named \"{stack}\" in {Backend.Location.Url}. {hint}");
    }

    public void Select(string stack) => _selection.Select(stack);

    public void Unselect(string stack) => _selection.Unselect(stack);

    /// <summary>Lets the person at the terminal choose one of the stacks.</summary>
    /// <exception cref="CliException">There is nobody, or nothing to choose from.</exception>
    public async Task<string> ChooseAsync(CancellationToken cancellationToken)
    {
        var known = Backend.List().Select(entry => entry.Name).ToList();
        return (known.Count, _session.IsInteractive) switch
        {
            (0, _) => throw new CliException(ExitCodes.StackNotFound, $"project \"{Project.Name}\" has no stack in {Backend.Location.Url} yet. Make one with `{CommandLine.Name} stack init dev`."),
            (_, true) => await _session.Context.Prompts.ChooseAsync("Please choose a stack", known, cancellationToken),
            _ => throw new CliException(ExitCodes.StackNotFound, $"no stack is selected. Name one with --stack, or select it with `{CommandLine.Name} stack select`; there are: {string.Join(", ", known)}."),
        };
    }

    public void Dispose() => Secrets.Dispose();

    private async Task<string> AskPassphraseAsync(bool isNew, CancellationToken cancellationToken)
    {
        var prompts = _session.Context.Prompts;
        if (!isNew)
        {
            return await prompts.SecretAsync("Enter your passphrase to unlock config/secrets:", cancellationToken);
        }

        while (true)
        {
            var first = await prompts.SecretAsync("Enter your passphrase to protect config/secrets:", cancellationToken);
            if (first == await prompts.SecretAsync("Re-enter your passphrase to confirm:", cancellationToken))
            {
                return first;
            }

            _session.Error.Warn("the two passphrases are not the same; try again");
        }
    }
}
