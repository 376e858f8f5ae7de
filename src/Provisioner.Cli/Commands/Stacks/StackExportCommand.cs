using System.CommandLine;
using Provisioner.Cli.Sessions;

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
                await WriteAsync(Path.GetFullPath(path, session.Context.WorkingDirectory), text, stop);
            }
            else
            {
                session.Print(text);
            }

            return ExitCodes.Success;
        });
    }

    /// <summary>Whole or not at all: on a full disk an older export stays what it was.</summary>
    private static async Task WriteAsync(string path, string text, CancellationToken stop)
    {
        var draft = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            await using (var writer = new StreamWriter(draft, options))
            {
                await writer.WriteLineAsync(text.AsMemory(), stop);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }
}
