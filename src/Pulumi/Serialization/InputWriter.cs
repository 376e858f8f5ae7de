using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Pulumi.Wire;

namespace Pulumi.Serialization;

/// <summary>Turns what a program gives to a resource into values for the wire, and notes which resources they come from.</summary>
/// <param name="keepResources">Whether the engine takes resources as such; otherwise it gets their ids and URNs.</param>
/// <param name="outputUrns">Set when the receiver takes outputs with their dependencies: finds the URNs to send for resources.</param>
internal sealed class InputWriter(bool keepResources, Func<IEnumerable<Resource>, Task<IReadOnlyList<string>>>? outputUrns = null)
{
    /// <summary>The resources met so far.</summary>
    public HashSet<Resource> Dependencies { get; } = [];

    /// <param name="path">The property's path, for errors.</param>
    /// <param name="value">What the program gave.</param>
    /// <exception cref="InvalidOperationException">The value, or one inside it, is of a type that inputs cannot have.</exception>
    public async Task<PropertyValue> WriteAsync(string path, object? value) => value switch
    {
        null or ValueTuple => PropertyValue.NullValue,
        bool boolean => boolean,
        int number => (double)number,
        double number => number,
        string text => text,
        InputArgs args => await WriteArgsAsync(path, args).ConfigureAwait(false),
        AssetOrArchive asset => asset.ToProperty(),
        IInput input => await WriteOutputAsync(path, input.ToStructuredOutput()).ConfigureAwait(false),
        IOutput output => await WriteOutputAsync(path, output).ConfigureAwait(false),
        IUnion union => await WriteAsync(path, union.Value).ConfigureAwait(false),
        Resource resource => await WriteResourceAsync(resource).ConfigureAwait(false),
        JsonElement json => PropertyJson.FromElement(json),
        IDictionary map => await WriteMapAsync(path, map).ConfigureAwait(false),
        IList list => await WriteListAsync(path, list).ConfigureAwait(false),
        Enum constant when constant.GetTypeCode() == TypeCode.Int32 => (double)(int)value,
        Task => throw new InvalidOperationException($"\"{path}\" is a Task. Wrap it: Output.Create(task)."),
        _ => await WriteByTypeAsync(path, value).ConfigureAwait(false),
    };

    /// <summary>Inputs by name; those without a value are left out.</summary>
    public async Task<PropertyMap> WriteMembersAsync(string path, IEnumerable<InputValue> members)
    {
        var result = PropertyMap.Empty;
        foreach (var (name, value, asJson) in members)
        {
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            var written = await WriteAsync(inner, value).ConfigureAwait(false);
            if (written is not PropertyValue.Null)
            {
                result = result.With(name, asJson ? AsJson(written) : written);
            }
        }

        return result;
    }

    private static PropertyValue AsJson(PropertyValue value)
    {
        if (value.ContainsUnknowns())
        {
            return PropertyValue.UnknownValue;
        }

        PropertyValue text = PropertyJson.ToText(value.Unwrap());
        return value.ContainsSecrets() ? new PropertyValue.Secret(text) : text;
    }

    private async Task<PropertyValue> WriteArgsAsync(string path, InputArgs args) =>
        new PropertyValue.Object(await WriteMembersAsync(path, args.Snapshot()).ConfigureAwait(false));

    private async Task<PropertyValue> WriteOutputAsync(string path, IOutput output)
    {
        var data = await output.GetDataAsync().ConfigureAwait(false);
        var inner = new InputWriter(keepResources);
        inner.Dependencies.UnionWith(data.Resources);
        var value = data.IsKnown ? await inner.WriteAsync(path, data.Value).ConfigureAwait(false) : null;
        Dependencies.UnionWith(inner.Dependencies);
        if (outputUrns is not null && (value is null || data.IsSecret || inner.Dependencies.Count > 0))
        {
            return new PropertyValue.Output(value, data.IsSecret, [.. await outputUrns(inner.Dependencies).ConfigureAwait(false)]);
        }

        return value is null ? PropertyValue.UnknownValue
            : data.IsSecret && value is not PropertyValue.Secret ? new PropertyValue.Secret(value)
            : value;
    }

    private async Task<PropertyValue> WriteResourceAsync(Resource resource)
    {
        var urn = await TextAsync(resource.Urn).ConfigureAwait(false);
        if (resource is not CustomResource custom)
        {
            return keepResources ? new PropertyValue.ResourceReference(urn, null, string.Empty) : urn;
        }

        var id = await TextAsync(custom.Id).ConfigureAwait(false);
        return keepResources ? new PropertyValue.ResourceReference(urn, id, string.Empty)
            : id.Length == 0 ? PropertyValue.UnknownValue
            : id;
    }

    /// <summary>A URN or id, which is never a secret; empty while it is unknown.</summary>
    private async Task<string> TextAsync(Output<string> output)
    {
        var data = await output.Data.ConfigureAwait(false);
        Dependencies.UnionWith(data.Resources);
        return data.IsKnown ? data.Value : string.Empty;
    }

    private async Task<PropertyValue> WriteMapAsync(string path, IDictionary map)
    {
        var members = new List<InputValue>();
        foreach (DictionaryEntry entry in map)
        {
            members.Add(new InputValue(
                entry.Key as string ?? throw new InvalidOperationException($"\"{path}\" is a map with keys of the type {entry.Key.GetType().Name}; they must be texts."),
                entry.Value,
                AsJson: false));
        }

        return new PropertyValue.Object(await WriteMembersAsync(path, members).ConfigureAwait(false));
    }

    private async Task<PropertyValue> WriteListAsync(string path, IList list)
    {
        var items = new PropertyValue[Collections.IsUnsetArray(list) ? 0 : list.Count];
        for (var index = 0; index < items.Length; index++)
        {
            items[index] = await WriteAsync($"{path}[{index}]", list[index]).ConfigureAwait(false);
        }

        return new PropertyValue.Array([.. items]);
    }

    private async Task<PropertyValue> WriteByTypeAsync(string path, object value)
    {
        var type = value.GetType();
        if (type.IsValueType && type.IsDefined(typeof(EnumTypeAttribute)))
        {
            var conversion = OutputTypes.EnumConversion(type) ?? throw new InvalidOperationException(
                $"\"{path}\" is of the type {type.Name}, which has [EnumType] but no explicit conversion to string or double.");
            return await WriteAsync(path, conversion.Invoke(null, [value])).ConfigureAwait(false);
        }

        if (type.IsDefined(typeof(OutputTypeAttribute)))
        {
            return new PropertyValue.Object(await WriteMembersAsync(path, Fields(value)).ConfigureAwait(false));
        }

        throw new InvalidOperationException(
            $"\"{path}\" is of the type {type.Name}, which inputs cannot have. Use bool, int, double, string, enums, lists and maps by text of these, "
            + "JsonElement, assets, resources, arguments classes, or outputs of any of them.");
    }

    /// <summary>The read-only fields of a class with [OutputType], among them those behind its properties.</summary>
    private static IEnumerable<InputValue> Fields(object value) =>
        from field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        where field.IsInitOnly
        let name = field.IsDefined(typeof(CompilerGeneratedAttribute)) ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name
        select new InputValue(char.ToLowerInvariant(name[0]) + name[1..], field.GetValue(value), AsJson: false);
}
