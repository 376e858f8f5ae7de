using Newtonsoft.Json.Linq;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Cli.Display;

/// <summary>Steps, states and messages in the shapes of Pulumi's preview digest; a secret is the text <c>[secret]</c>.</summary>
internal static class StepJson
{
    public static JObject Of(StepMetadata step, StepOperation operation)
    {
        var json = new JObject { ["op"] = OperationWords.Name(operation), ["urn"] = step.Urn };
        if ((step.New ?? step.Old)?.Provider is { Length: > 0 } provider)
        {
            json["provider"] = provider;
        }

        if (step.Old is not null)
        {
            json["oldState"] = Of(step.Old);
        }

        if (step.New is not null)
        {
            json["newState"] = Of(step.New);
        }

        if (!step.Diffs.IsDefaultOrEmpty)
        {
            json["diffReasons"] = new JArray(step.Diffs);
        }

        if (!step.ReplaceKeys.IsDefaultOrEmpty)
        {
            json["replaceReasons"] = new JArray(step.ReplaceKeys);
        }

        json["detailedDiff"] = step.DetailedDiff is null
            ? JValue.CreateNull()
            : new JObject(step.DetailedDiff.Select(entry => new JProperty(
                entry.Key, new JObject { ["kind"] = Kind(entry.Value.Kind), ["inputDiff"] = entry.Value.InputDiff })));
        return json;
    }

    public static JObject Of(EngineEvent.Diagnostic diagnostic)
    {
        var json = new JObject();
        if (diagnostic.Urn.Length > 0)
        {
            json["urn"] = diagnostic.Urn;
        }

        json["message"] = diagnostic.Message;
        json["severity"] = diagnostic.Severity.ToString().ToLowerInvariant();
        return json;
    }

    /// <summary>A map as plain JSON.</summary>
    public static JObject Of(PropertyMap properties, bool showSecrets = false) =>
        new(properties.Select(property => new JProperty(property.Key, Of(property.Value, showSecrets))));

    /// <summary>A value as plain JSON.</summary>
    public static JToken Of(PropertyValue value, bool showSecrets = false) => value switch
    {
        PropertyValue.Null => JValue.CreateNull(),
        PropertyValue.Boolean boolean => boolean.Value,
        PropertyValue.Number number when number.Value == Math.Truncate(number.Value) && Math.Abs(number.Value) < 1e15 => (long)number.Value,
        PropertyValue.Number number => number.Value,
        PropertyValue.String text => text.Value,
        PropertyValue.Array array => new JArray(array.Items.Select(item => Of(item, showSecrets))),
        PropertyValue.Object map => Of(map.Properties, showSecrets),
        PropertyValue.Secret secret => showSecrets ? Of(secret.Value, showSecrets) : ValueText.Secret,
        PropertyValue.Output { IsSecret: true } output => showSecrets && output.Value is not null ? Of(output.Value, showSecrets) : ValueText.Secret,
        PropertyValue.Output { Value: { } inner } => Of(inner, showSecrets),
        PropertyValue.Output => Signatures.Sentinel(UnknownKind.String),
        PropertyValue.Unknown unknown => Signatures.Sentinel(unknown.Kind),
        _ => ValueText.Of(value),
    };

    private static JObject Of(ResourceState state)
    {
        var json = new JObject { ["urn"] = state.Urn, ["custom"] = state.Custom, ["type"] = state.Type };
        Add("id", state.Id);
        json["inputs"] = Of(state.Inputs);
        json["outputs"] = Of(state.Outputs);
        Add("parent", state.Parent);
        Flag("protect", state.Protect);
        Flag("external", state.External);
        List("dependencies", state.Dependencies);
        List("initErrors", state.InitErrors);
        Add("provider", state.Provider);
        Flag("retainOnDelete", state.RetainOnDelete);
        Flag("refreshBeforeUpdate", state.RefreshBeforeUpdate);
        return json;

        void Add(string name, string text)
        {
            if (text.Length > 0)
            {
                json[name] = text;
            }
        }

        void Flag(string name, bool value)
        {
            if (value)
            {
                json[name] = true;
            }
        }

        void List(string name, IReadOnlyCollection<string> items)
        {
            if (items.Count > 0)
            {
                json[name] = new JArray(items);
            }
        }
    }

    private static string Kind(DiffEntryKind kind) => kind switch
    {
        DiffEntryKind.Add => "add",
        DiffEntryKind.AddReplace => "add-replace",
        DiffEntryKind.Delete => "delete",
        DiffEntryKind.DeleteReplace => "delete-replace",
        DiffEntryKind.UpdateReplace => "update-replace",
        _ => "update",
    };
}
