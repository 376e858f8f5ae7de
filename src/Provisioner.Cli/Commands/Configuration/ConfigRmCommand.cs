using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Configuration;

/// <summary><c>config rm KEY</c>.</summary>
internal static class ConfigRmCommand
{
    public static Command Create(Runner run, Option<string> stack)
    {
        var key = new Argument<string>("key") { Description = "The key" };
        var path = new Option<bool>("--path") { Description = "The key is a path into a list or a mapping: outer.inner, names[0]" };
        return run.Bind(new Command("rm", "Remove a configuration value") { key, path }.Also("remove"), async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var name = await workspace.RequireStackAsync(parsed.GetValue(stack), stop);
            var file = workspace.StackFileOf(name);
            var asked = ConfigPath.Parse(parsed.GetRequiredValue(key), workspace.Project.Name, parsed.GetValue(path));
            if (file.Get(asked) is null)
            {
                throw ConfigGetCommand.NotFound(workspace.Project, file, asked);
            }

            file.Remove(asked).Save();
            return ExitCodes.Success;
        });
    }
}
