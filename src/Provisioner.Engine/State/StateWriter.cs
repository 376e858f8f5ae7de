using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Provisioner.Engine.State;

/// <summary>
/// Writes state files. A save comes before and after each step, and most resources are the same ones as a moment ago:
/// each is turned into text once, and kept as long as somebody holds it.
/// </summary>
/// <param name="stack">The full name, <c>organization/PROJECT/STACK</c>.</param>
internal sealed class StateWriter(string stack, SecretSeals seals, StateEnvelope envelope)
{
    private readonly ConditionalWeakTable<ResourceState, string> _texts = [];

    /// <summary>The file's content: compact JSON.</summary>
    public byte[] Write(Snapshot snapshot)
    {
        using var text = new StringWriter(new StringBuilder(64 * 1024), CultureInfo.InvariantCulture);
        using var json = new JsonTextWriter(text);
        var features = StateFeatures.Of(snapshot).ToArray();
        json.WriteStartObject();
        json.WritePropertyName("version");
        json.WriteValue(features.Length > 0 ? 4 : 3);
        if (features.Length > 0)
        {
            json.WritePropertyName("features");
            json.WriteStartArray();
            Array.ForEach(features, json.WriteValue);
            json.WriteEndArray();
        }

        json.WritePropertyName("checkpoint");
        json.WriteStartObject();
        json.WritePropertyName("stack");
        json.WriteValue(stack);
        json.WritePropertyName("latest");
        WriteDeployment(json, snapshot);
        WriteRest(json, envelope.Checkpoint);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The file of a stack that was never updated.</summary>
    public static byte[] WriteEmpty(string stack) =>
        Encoding.UTF8.GetBytes(new JObject { ["version"] = 3, ["checkpoint"] = new JObject { ["stack"] = stack } }.ToString(Formatting.None));

    private void WriteDeployment(JsonTextWriter json, Snapshot snapshot)
    {
        json.WriteStartObject();
        json.WritePropertyName("manifest");
        json.WriteStartObject();
        json.WritePropertyName("time");
        json.WriteValue(ResourceWriter.Time(snapshot.Manifest.Time ?? default));
        json.WritePropertyName("magic");
        json.WriteValue(StateDocument.Magic(snapshot.Manifest.Version));
        json.WritePropertyName("version");
        json.WriteValue(snapshot.Manifest.Version);
        WriteRest(json, envelope.Manifest);
        json.WriteEndObject();
        if (seals.Manager is { } manager)
        {
            json.WritePropertyName("secrets_providers");
            new JObject { ["type"] = manager.Type, ["state"] = manager.State }.WriteTo(json);
        }

        WriteResources(json, snapshot.Resources);
        WriteOperations(json, snapshot.PendingOperations);
        if (!envelope.Deployment.ContainsKey("metadata"))
        {
            json.WritePropertyName("metadata");
            json.WriteRawValue("{}");
        }

        WriteRest(json, envelope.Deployment);
        json.WriteEndObject();
    }

    private void WriteResources(JsonTextWriter json, ImmutableArray<ResourceState> resources)
    {
        if (resources.Length == 0)
        {
            return;
        }

        json.WritePropertyName("resources");
        json.WriteStartArray();
        foreach (var resource in resources)
        {
            json.WriteRawValue(Text(resource));
        }

        json.WriteEndArray();
    }

    private void WriteOperations(JsonTextWriter json, ImmutableArray<PendingOperation> operations)
    {
        if (operations.Length == 0)
        {
            return;
        }

        json.WritePropertyName("pending_operations");
        json.WriteStartArray();
        foreach (var operation in operations)
        {
            json.WriteStartObject();
            json.WritePropertyName("resource");
            json.WriteRawValue(Text(operation.Resource));
            json.WritePropertyName("type");
            json.WriteValue(operation.Type.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private string Text(ResourceState resource)
    {
        if (!_texts.TryGetValue(resource, out var known))
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            using var json = new JsonTextWriter(text);
            new ResourceWriter(json, seals.Seal(resource.Urn)).Write(resource);
            known = text.ToString();
            _texts.Add(resource, known);
        }

        return known;
    }

    private static void WriteRest(JsonTextWriter json, ImmutableSortedDictionary<string, JToken> rest)
    {
        foreach (var (name, value) in rest)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }
}
