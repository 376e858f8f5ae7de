using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Pulumi.Wire;

namespace Provisioner.Engine.State;

/// <summary>A state file under the stack's new name: URNs, what refers to them, and the name of the resource that stands for the stack.</summary>
internal static class StateRenaming
{
    private static readonly string[] Urns = ["urn", "parent", "provider", "deletedWith", "viewOf"];
    private static readonly string[] Lists = ["dependencies", "aliases", "replaceWith"];

    /// <param name="root">The whole file.</param>
    /// <param name="fullName">The new <c>organization/PROJECT/STACK</c>.</param>
    /// <returns>The file's new text.</returns>
    public static string Apply(JObject root, string fullName, string project, string oldName, string newName)
    {
        var renamed = (JObject)root.DeepClone();
        var checkpoint = (JObject)renamed["checkpoint"]!;
        checkpoint["stack"] = fullName;
        string New(string text)
        {
            var (from, to) = ($"urn:pulumi:{oldName}::{project}::", $"urn:pulumi:{newName}::{project}::");
            return text == $"{from}pulumi:pulumi:Stack::{project}-{oldName}" ? $"{to}pulumi:pulumi:Stack::{project}-{newName}"
                : text.StartsWith(from, StringComparison.Ordinal) ? to + text[from.Length..]
                : text;
        }

        var deployment = checkpoint["latest"] as JObject;
        foreach (var resource in (deployment?["resources"] as JArray ?? []).OfType<JObject>())
        {
            Rename(resource, New);
        }

        foreach (var operation in (deployment?["pending_operations"] as JArray ?? []).OfType<JObject>())
        {
            Rename((JObject)operation["resource"]!, New);
        }

        return renamed.ToString(Formatting.None);
    }

    private static void Rename(JObject resource, Func<string, string> renamed)
    {
        foreach (var key in Urns.Where(key => resource[key] is { Type: JTokenType.String }))
        {
            resource[key] = renamed(resource.Value<string>(key)!);
        }

        foreach (var list in Lists.Select(key => resource[key]).OfType<JArray>().Concat((resource["propertyDependencies"] as JObject ?? []).Values().OfType<JArray>()))
        {
            list.ReplaceAll(list.Values<string>().Select(urn => renamed(urn!)).ToArray<object>());
        }

        // References to resources inside values; a text that a user wrote stays what it is.
        foreach (var reference in resource.Descendants().OfType<JObject>().Where(value => value[Signatures.Key]?.ToString() == Signatures.ResourceReference).ToArray())
        {
            reference["urn"] = renamed(reference.Value<string>("urn") ?? string.Empty);
        }
    }
}
