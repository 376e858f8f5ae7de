using System.CommandLine;
using System.Globalization;
using Provisioner.Cli.Sessions;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary><c>stack import</c>: the state becomes what an export says.</summary>
internal static class StackImportCommand
{
    public static Command Create(Runner run)
    {
        var stack = StackOption.Create();
        var source = new Option<string>("--file") { Description = "Read from a file instead of standard input", HelpName = "file" };
        var force = new Option<bool>("--force", "-f") { Description = "Also an export of another stack" };
        return run.Bind(new Command("import", "Replace a stack's state by an export") { stack, source, force }, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var name = await workspace.RequireStackAsync(parsed.GetValue(stack), stop);
            var text = parsed.GetValue(source) is { } path
                ? await File.ReadAllTextAsync(Path.GetFullPath(path, session.Context.WorkingDirectory), stop)
                : await session.Context.Input().ReadToEndAsync(stop);
            var manager = await workspace.StackFileOf(name).OpenSecretsAsync(workspace.Secrets, stop);
            var count = await workspace.Backend.ImportAsync(name, text, manager, workspace.Secrets, parsed.GetValue(force), stop);
            session.Print(string.Create(CultureInfo.InvariantCulture, $"Import complete: {count} resources."));
            return ExitCodes.Success;
        });
    }
}
