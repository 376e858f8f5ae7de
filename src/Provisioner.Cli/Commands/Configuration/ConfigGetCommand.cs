using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Configuration;

/// <summary><c>config get KEY</c>: one value in clear, also a secret one.</summary>
internal static class ConfigGetCommand
{
    public static Command Create(Runner run, Option<string> stack)
    {
        var key = new Argument<string>("key") { Description = "The key, such as ssid or provisioner:user" };
        var path = new Option<bool>("--path") { Description = "The key is a path into a list or a mapping: outer.inner, names[0]" };
        var json = JsonOption.Create();
        return run.Bind(new Command("get", "Get a single configuration value; a secret is shown in clear") { key, path, json }, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var name = await workspace.RequireStackAsync(parsed.GetValue(stack), stop);
            var file = workspace.StackFileOf(name);
            var asked = ConfigPath.Parse(parsed.GetRequiredValue(key), workspace.Project.Name, parsed.GetValue(path));
            var value = file.Get(asked)
                ?? (asked.Segments.IsEmpty ? StackConfig.Merge(workspace.Project, file).GetValueOrDefault(asked.Key) : null)
                ?? throw NotFound(workspace.Project, file, asked);
            var reader = value.IsSecure ? await ConfigReader.OpenAsync(workspace, file, stop) : ConfigReader.Hiding;
            session.Print(parsed.GetValue(json) ? reader.Json(value).ToString() : reader.Text(value));
            return ExitCodes.Success;
        });
    }

    /// <summary>The error for a key that has no value.</summary>
    public static CliException NotFound(Project project, StackFile file, ConfigPath asked)
    {
        var shown = asked.Segments.IsEmpty ? ConfigReader.Shown(asked.Key, project) : asked.ToString();
        var known = StackConfig.Merge(project, file).Keys.Concat(project.Config.Keys).Select(key => ConfigReader.Shown(key, project)).Distinct(StringComparer.Ordinal);
        return new CliException(ExitCodes.Error, $"configuration key \"{shown}\" not found for stack \"{file.Stack}\"{Suggestion.For(shown, known)}");
    }
}
