using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary><c>stack rm [NAME]</c>: forgets a stack, its history and its configuration.</summary>
internal static class StackRmCommand
{
    public static Command Create(Runner run)
    {
        var name = new Argument<string>("name") { Description = "The stack's name; the selected one when left out", Arity = ArgumentArity.ZeroOrOne };
        var stack = StackOption.Create();
        var force = new Option<bool>("--force", "-f") { Description = "Also when the stack still has resources, which then nobody manages any more" };
        var preserve = new Option<bool>("--preserve-config") { Description = "Keep the stack's file, Pulumi.STACK.yaml" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        return run.Bind(new Command("rm", "Remove a stack and its configuration") { name, stack, force, preserve, yes }.Also("remove"), async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var doomed = await workspace.RequireStackAsync(parsed.GetValue(name) ?? parsed.GetValue(stack), stop);
            if (!parsed.GetValue(force) && workspace.Backend.List().First(entry => entry.Name == doomed) is { ResourceCount: not 0 } full)
            {
                throw new CliException(ExitCodes.Error, full.Problem ?? $"'{doomed}' still has resources; removal rejected. Delete them with `{CommandLine.Name} destroy --stack {doomed}`, or leave them to themselves with --force");
            }

            await Confirmation.RequireAsync(session, parsed.GetValue(yes), $"This will permanently remove the '{doomed}' stack! Type its name to confirm:", doomed, stop);
            workspace.Backend.Remove(doomed);
            workspace.Unselect(doomed);
            if (!parsed.GetValue(preserve))
            {
                File.Delete(StackFile.PathOf(workspace.Project, doomed));
            }

            session.Print($"Stack '{doomed}' has been removed!");
            return ExitCodes.Success;
        });
    }
}
