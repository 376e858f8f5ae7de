using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary><c>stack rename NEW</c>: the state, the history and the stack's file get another name.</summary>
internal static class StackRenameCommand
{
    public static Command Create(Runner run)
    {
        var newName = new Argument<string>("new-stack-name") { Description = "The new name" };
        var stack = StackOption.Create();
        return run.Bind(new Command("rename", "Rename a stack") { newName, stack }, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var old = await workspace.RequireStackAsync(parsed.GetValue(stack), stop);
            var renamed = StackName.Parse(parsed.GetRequiredValue(newName), workspace.Project.Name);
            var (from, to) = (StackFile.PathOf(workspace.Project, old), StackFile.PathOf(workspace.Project, renamed));
            if (old != renamed && File.Exists(from) && File.Exists(to))
            {
                throw new CliException(ExitCodes.Error, $"{to} exists already, and would be lost. Move it away first.");
            }

            var wasSelected = workspace.Selected == old;
            workspace.Backend.Rename(old, renamed);
            if (File.Exists(from))
            {
                File.Move(from, to);
            }

            if (wasSelected)
            {
                workspace.Select(renamed);
            }

            session.Print($"Renamed {old} to {renamed}");
            return ExitCodes.Success;
        });
    }
}
