using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Files;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary><c>stack export</c>: the state, as <c>pulumi stack import</c> reads it.</summary>
internal static class StackExportCommand
{
    public static Command Create(Runner run)
    {
        var stack = StackOption.Create();
        var showSecrets = new Option<bool>("--show-secrets") { Description = "Write secrets in clear" };
        var target = new Option<string>("--file") { Description = "Write to a file, which only you can read, instead of standard output", HelpName = "file" };
        return run.Bind(new Command("export", "Export a stack's state") { stack, showSecrets, target }, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var name = await workspace.RequireStackAsync(parsed.GetValue(stack), stop);
            var text = parsed.GetValue(showSecrets)
                ? await workspace.Backend.ExportInClearAsync(name, workspace.Secrets, stop)
                : workspace.Backend.Export(name);
            if (parsed.GetValue(target) is { } path)
            {
                PrivateFile.Write(Path.GetFullPath(path, session.Context.WorkingDirectory), text + Environment.NewLine);
            }
            else
            {
                session.Print(text);
            }

            return ExitCodes.Success;
        });
    }
}
