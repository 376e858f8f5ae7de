using System.CommandLine;
using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Provisioner.Cli.Display;
using Provisioner.Cli.Sessions;
using Provisioner.Cli.Terminal;
using Provisioner.Engine.State;
using Pulumi.Wire;
using Pulumi.Wire.Redaction;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary><c>stack output [NAME]</c>.</summary>
internal static class StackOutputCommand
{
    public static Command Create(Runner run)
    {
        var name = new Argument<string>("name") { Description = "The output; all of them when left out", Arity = ArgumentArity.ZeroOrOne };
        var stack = StackOption.Create();
        var json = JsonOption.Create();
        var showSecrets = new Option<bool>("--show-secrets") { Description = "Show secret outputs in clear" };
        return run.Bind(new Command("output", "Show a stack's outputs") { name, stack, json, showSecrets }, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var asked = await workspace.RequireStackAsync(parsed.GetValue(stack), stop);
            var snapshot = await workspace.Backend.LoadAsync(asked, workspace.Secrets, stop);
            var outputs = snapshot.Resources.FirstOrDefault(resource => resource.Type == Urns.StackType && !resource.Delete)?.Outputs ?? PropertyMap.Empty;
            var values = StepJson.Of(parsed.GetValue(showSecrets) ? outputs : Redacted(outputs, snapshot), parsed.GetValue(showSecrets));
            if (parsed.GetValue(name) is { } single)
            {
                var value = values[single] ?? throw new CliException(
                    ExitCodes.Error, $"current stack does not have output property \"{single}\"{Suggestion.For(single, outputs.Keys)}");
                session.Print(parsed.GetValue(json) ? JsonConvert.SerializeObject(value, Formatting.Indented) : Text(value));
            }
            else if (parsed.GetValue(json))
            {
                session.Print(values.ToString());
            }
            else
            {
                Show(session, values);
            }

            return ExitCodes.Success;
        });
    }

    /// <summary>An output in clear may have a secret of the state in it.</summary>
    private static PropertyMap Redacted(PropertyMap outputs, Snapshot snapshot)
    {
        var redactor = new Redactor();
        foreach (var resource in snapshot.Resources)
        {
            redactor.Learn(resource.Inputs);
            redactor.Learn(resource.Outputs);
        }

        return redactor.Redact(outputs);
    }

    private static void Show(Session session, JObject values)
    {
        session.Out.Write(string.Create(CultureInfo.InvariantCulture, $"Current stack outputs ({values.Count}):"));
        session.Out.Write(values.Count == 0
            ? [(StyledLine)"    No output values currently in this stack"]
            : TextTable.Of(["OUTPUT", "VALUE"], values.Properties().Select(property => (IReadOnlyList<string>)[property.Name, Text(property.Value)]))
                .Select(line => line.Indent(4)));
    }

    /// <summary>A text as it is, everything else as JSON. After a run over some targets only, an output may not be known yet.</summary>
    private static string Text(JToken value) =>
        value.Type != JTokenType.String ? value.ToString(Formatting.None)
        : Signatures.UnknownOf((string)value!) is null ? (string)value!
        : ValueText.Unknown;
}
