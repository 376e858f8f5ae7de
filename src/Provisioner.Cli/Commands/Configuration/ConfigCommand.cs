using System.Collections.Immutable;
using System.CommandLine;
using Newtonsoft.Json.Linq;
using Provisioner.Cli.Sessions;
using Provisioner.Cli.Terminal;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Configuration;

/// <summary><c>config</c> and <c>config ls</c>: every value of a stack, secrets hidden.</summary>
internal static class ConfigCommand
{
    public static Command Create(Runner run)
    {
        var stack = StackOption.Create(recursive: true);
        var config = Listing(run, stack, new Command("config", "Manage configuration: without a subcommand, list every value of a stack"));
        config.Add(stack);
        config.Add(ConfigGetCommand.Create(run, stack));
        config.Add(ConfigSetCommand.Create(run, stack));
        config.Add(ConfigRmCommand.Create(run, stack));
        config.Add(Listing(run, stack, new Command("ls", "List every value of a stack") { Aliases = { "list" } }));
        return config;
    }

    private static Command Listing(Runner run, Option<string> stack, Command command)
    {
        var showSecrets = new Option<bool>("--show-secrets") { Description = "Show secret values in clear" };
        var json = JsonOption.Create();
        command.Add(showSecrets);
        command.Add(json);
        return run.Bind(command, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var name = await workspace.RequireStackAsync(parsed.GetValue(stack), stop);
            await ListAsync(session, workspace, name, parsed.GetValue(showSecrets), parsed.GetValue(json), stop);
            return ExitCodes.Success;
        });
    }

    private static async Task ListAsync(Session session, Workspace workspace, string stack, bool showSecrets, bool json, CancellationToken stop)
    {
        var file = workspace.StackFileOf(stack);
        var values = StackConfig.Merge(workspace.Project, file);
        var clear = SecretLooks.In(values).Select(found => (found.Key, found.Reason))
            .Concat(workspace.Project.Config.Where(declared => declared.Value.IsSecret && values.TryGetValue(declared.Key, out var value) && !value.IsSecure)
                .Select(declared => (declared.Key, Reason: "the project says so")))
            .DistinctBy(found => found.Key)
            .ToDictionary(found => found.Key, found => found.Reason);
        foreach (var (key, reason) in clear)
        {
            session.Error.Warn(ConfigReader.InClear(ConfigReader.Shown(key, workspace.Project), reason, file));
        }

        if (!showSecrets)
        {
            // Whoever looks over the shoulder does not know that it should have been encrypted.
            values = values.ToImmutableSortedDictionary(entry => entry.Key, entry => clear.ContainsKey(entry.Key) ? new StackValue.Secure(string.Empty) : entry.Value);
        }

        var reader = showSecrets && values.Values.Any(value => value.IsSecure) ? await ConfigReader.OpenAsync(workspace, file, stop) : ConfigReader.Hiding;
        if (json)
        {
            session.Print(new JObject(values.Select(entry => new JProperty(entry.Key.ToString(), reader.Json(entry.Value)))).ToString());
            return;
        }

        session.Out.Write(TextTable.Of(
            ["KEY", "VALUE"],
            values.Select(entry => (IReadOnlyList<string>)[ConfigReader.Shown(entry.Key, workspace.Project), reader.Text(entry.Value)])));
    }
}
