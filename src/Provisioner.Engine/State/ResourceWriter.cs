using System.Collections.Immutable;
using System.Globalization;
using Newtonsoft.Json;

namespace Provisioner.Engine.State;

/// <summary>Writes one resource with the keys, and in the order, of Pulumi's ResourceV3; what is empty is left out.</summary>
internal sealed class ResourceWriter(JsonWriter json, SealSecret seal)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";

    /// <summary>RFC 3339 in UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public void Write(ResourceState resource)
    {
        json.WriteStartObject();
        Text("urn", resource.Urn);
        Name("custom");
        json.WriteValue(resource.Custom);
        Flag("delete", resource.Delete);
        Text("id", resource.Id);
        Text("type", resource.Type);
        Properties("inputs", resource.Inputs);
        Properties("outputs", resource.Outputs);
        Text("parent", resource.Parent);
        Flag("protect", resource.Protect);
        Flag("taint", resource.Taint);
        Flag("external", resource.External);
        List("dependencies", resource.Dependencies);
        List("initErrors", resource.InitErrors);
        Text("provider", resource.Provider);
        PropertyDependencies(resource.PropertyDependencies);
        Flag("pendingReplacement", resource.PendingReplacement);
        List("additionalSecretOutputs", resource.AdditionalSecretOutputs);
        List("aliases", resource.Aliases);
        Timeouts(resource.CustomTimeouts);
        Text("importID", resource.ImportId);
        Flag("retainOnDelete", resource.RetainOnDelete);
        Text("deletedWith", resource.DeletedWith);
        List("replaceWith", resource.ReplaceWith);
        Moment("created", resource.Created);
        Moment("modified", resource.Modified);
        Text("sourcePosition", resource.SourcePosition);
        List("ignoreChanges", resource.IgnoreChanges);
        List("replaceOnChanges", resource.ReplaceOnChanges);
        Flag("refreshBeforeUpdate", resource.RefreshBeforeUpdate);
        foreach (var (name, value) in resource.Unknown)
        {
            Name(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private void Properties(string name, Pulumi.Wire.PropertyMap properties)
    {
        if (properties.Count > 0)
        {
            Name(name);
            new StateValueWriter(json, seal).Write(properties, name);
        }
    }

    private void PropertyDependencies(ImmutableSortedDictionary<string, ImmutableArray<string>> dependencies)
    {
        if (dependencies.Count == 0)
        {
            return;
        }

        Name("propertyDependencies");
        json.WriteStartObject();
        foreach (var (property, urns) in dependencies)
        {
            Name(property);
            Items(urns);
        }

        json.WriteEndObject();
    }

    private void Timeouts(CustomTimeouts? timeouts)
    {
        if (timeouts is null or { Create: null, Update: null, Delete: null, Read: null })
        {
            return;
        }

        Name("customTimeouts");
        json.WriteStartObject();
        Seconds("create", timeouts.Create);
        Seconds("update", timeouts.Update);
        Seconds("delete", timeouts.Delete);
        Seconds("read", timeouts.Read);
        json.WriteEndObject();
    }

    private void Seconds(string name, TimeSpan? time)
    {
        if (time is { } known)
        {
            Name(name);
            json.WriteRawValue(JsonNumber.Format(known.TotalSeconds));
        }
    }

    private void Moment(string name, DateTimeOffset? time) => Text(name, time is { } known ? Time(known) : string.Empty);

    private void Text(string name, string value)
    {
        if (value.Length > 0)
        {
            Name(name);
            json.WriteValue(value);
        }
    }

    private void Flag(string name, bool value)
    {
        if (value)
        {
            Name(name);
            json.WriteValue(true);
        }
    }

    private void List(string name, ImmutableArray<string> items)
    {
        if (items.Length > 0)
        {
            Name(name);
            Items(items);
        }
    }

    private void Items(ImmutableArray<string> items)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            json.WriteValue(item);
        }

        json.WriteEndArray();
    }

    private void Name(string name) => json.WritePropertyName(name);
}
