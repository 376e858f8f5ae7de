using System.CommandLine;
using System.Globalization;
using Newtonsoft.Json.Linq;
using Provisioner.Cli.Sessions;
using Provisioner.Cli.Terminal;
using Provisioner.Engine.Backend;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary><c>stack ls</c>.</summary>
internal static class StackLsCommand
{
    public static Command Create(Runner run)
    {
        var json = JsonOption.Create();
        return run.Bind(new Command("ls", "List the project's stacks") { json }.Also("list"), (session, parsed, _) =>
        {
            using var workspace = Workspace.Open(session);
            var stacks = workspace.Backend.List();
            var selected = workspace.Selected;
            if (parsed.GetValue(json))
            {
                session.Print(new JArray(stacks.Select(stack => Json(stack, selected))).ToString());
            }
            else
            {
                session.Out.Write(TextTable.Of(
                    ["NAME", "LAST UPDATE", "RESOURCE COUNT"],
                    stacks.Select(stack => (IReadOnlyList<string>)
                    [
                        stack.Name + (stack.Name == selected ? "*" : string.Empty),
                        stack.LastUpdate is { } time ? Ago(session.Context.Time.GetUtcNow() - time) : "n/a",
                        stack.ResourceCount?.ToString(CultureInfo.InvariantCulture) ?? "n/a",
                    ])));
            }

            foreach (var damaged in stacks.Where(stack => stack.Problem is not null))
            {
                session.Error.Warn(damaged.Problem!);
            }

            return Task.FromResult(ExitCodes.Success);
        });
    }

    /// <summary>A span as people say it: "3 minutes ago".</summary>
    internal static string Ago(TimeSpan span)
    {
        var (count, unit) = span switch
        {
            { TotalSeconds: < 5 } => (0, string.Empty),
            { TotalMinutes: < 1 } => ((int)span.TotalSeconds, "second"),
            { TotalHours: < 1 } => ((int)span.TotalMinutes, "minute"),
            { TotalDays: < 1 } => ((int)span.TotalHours, "hour"),
            { TotalDays: < 60 } => ((int)span.TotalDays, "day"),
            _ => ((int)(span.TotalDays / 30), "month"),
        };
        return count == 0 ? "now" : string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? string.Empty : "s")} ago");
    }

    private static JObject Json(StackSummary stack, string? selected)
    {
        var json = new JObject { ["name"] = stack.Name, ["current"] = stack.Name == selected };
        if (stack.LastUpdate is { } time)
        {
            json["lastUpdate"] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        }

        json["updateInProgress"] = false;
        if (stack.ResourceCount is { } count)
        {
            json["resourceCount"] = count;
        }

        return json;
    }
}
