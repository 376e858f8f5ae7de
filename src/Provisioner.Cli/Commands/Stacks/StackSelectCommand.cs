using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary><c>stack select [NAME]</c>.</summary>
internal static class StackSelectCommand
{
    public static Command Create(Runner run)
    {
        var name = new Argument<string>("name") { Description = "The stack's name; asked for when left out", Arity = ArgumentArity.ZeroOrOne };
        var stack = StackOption.Create();
        return run.Bind(new Command("select", "Switch to another stack") { name, stack }, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var asked = parsed.GetValue(name) ?? parsed.GetValue(stack);
            var chosen = asked is null ? await workspace.ChooseAsync(stop) : StackName.Parse(asked, workspace.Project.Name);
            workspace.Select(workspace.Backend.Exists(chosen) ? chosen : throw workspace.NotFound(chosen));
            return ExitCodes.Success;
        });
    }
}
