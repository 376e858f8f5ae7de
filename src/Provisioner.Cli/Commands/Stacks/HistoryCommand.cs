using System.CommandLine;
using System.Globalization;
using Newtonsoft.Json.Linq;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary><c>stack history</c>, also <c>history</c>: what was done to a stack, the last first.</summary>
internal static class HistoryCommand
{
    public static Command Create(Runner run)
    {
        var stack = StackOption.Create();
        var json = JsonOption.Create();
        var showSecrets = new Option<bool>("--show-secrets") { Description = "Show secret configuration values in clear" };
        var pageSize = new Option<int>("--page-size") { Description = "How many entries are a page", HelpName = "number", DefaultValueFactory = _ => 10 };
        var page = new Option<int>("--page") { Description = "Which page, from 1; all entries without", HelpName = "number" };
        var fullDates = new Option<bool>("--full-dates") { Description = "Show dates instead of how long ago" };
        return run.Bind(new Command("history", "Show what was done to a stack") { stack, json, showSecrets, pageSize, page, fullDates }.Also("hist"), async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var name = await workspace.RequireStackAsync(parsed.GetValue(stack), stop);
            var number = parsed.GetValue(page);
            if (number < 0 || parsed.GetValue(pageSize) < 1)
            {
                throw new CliException(ExitCodes.Usage, "--page must be 0 or more, and --page-size 1 or more");
            }

            var entries = workspace.Backend.History(name);
            var shown = number == 0 ? entries : [.. entries.Skip((number - 1) * parsed.GetValue(pageSize)).Take(parsed.GetValue(pageSize))];
            if (parsed.GetValue(json))
            {
                var manager = parsed.GetValue(showSecrets) ? await workspace.StackFileOf(name).OpenSecretsAsync(workspace.Secrets, stop) : null;
                session.Print(new JArray(shown.Select(entry => Json(entry, manager is null ? null : manager.Decrypt))).ToString());
                return ExitCodes.Success;
            }

            if (shown.Count == 0)
            {
                session.Print("Stack has never been updated");
            }

            foreach (var entry in shown)
            {
                session.Print(string.Join('\n', Lines(entry, session.Context.Time, parsed.GetValue(fullDates))) + "\n");
            }

            return ExitCodes.Success;
        });
    }

    private static IEnumerable<string> Lines(JObject entry, TimeProvider time, bool fullDates)
    {
        var (start, end) = (Time(entry, "startTime"), Time(entry, "endTime"));
        yield return $"UpdateKind: {entry.Value<string>("kind")}";
        yield return $"Status: {entry.Value<string>("result")}";
        yield return $"Message: {entry.Value<string>("message")}";
        if (entry["resourceChanges"] is JObject changes)
        {
            yield return $"Resource changes: {string.Join(", ", changes.Properties().Select(change => $"{change.Value} {change.Name}"))}";
        }

        var when = fullDates ? start.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : StackLsCommand.Ago(time.GetUtcNow() - start);
        yield return string.Create(CultureInfo.InvariantCulture, $"    Updated {when} took {(end - start).TotalSeconds:0}s");
    }

    /// <param name="decrypt">Null leaves secrets out, as Pulumi's CLI does.</param>
    private static JObject Json(JObject entry, Func<string, string>? decrypt)
    {
        var json = (JObject)entry.DeepClone();
        foreach (var key in (string[])["startTime", "endTime"])
        {
            json[key] = Time(entry, key).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        }

        foreach (var value in (json["config"] as JObject ?? []).Properties())
        {
            value.Value = Value(value.Value, decrypt);
        }

        json.Remove("version");
        return json;
    }

    private static JObject Value(JToken stored, Func<string, string>? decrypt)
    {
        if (stored is JObject secret && secret["secure"] is { Type: JTokenType.String } ciphertext)
        {
            return decrypt is null ? new JObject { ["secret"] = true } : new JObject { ["value"] = decrypt(ciphertext.Value<string>()!), ["secret"] = true };
        }

        return stored is JContainer container && container.Descendants().OfType<JProperty>().Any(property => property.Name == "secure")
            ? new JObject { ["secret"] = true, ["objectValue"] = null }
            : new JObject { ["value"] = stored is JContainer ? stored.ToString(Newtonsoft.Json.Formatting.None) : stored, ["secret"] = false };
    }

    private static DateTimeOffset Time(JObject entry, string key) => DateTimeOffset.FromUnixTimeSeconds(entry.Value<long?>(key) ?? 0);
}
