using System.Collections.Immutable;
using Newtonsoft.Json.Linq;
using Pulumi.Wire;

namespace Provisioner.Engine.State;

/// <summary>Reads one resource; keys that are not known are kept as they are.</summary>
internal sealed class ResourceReader
{
    // A thousand years.
    private const double MostSeconds = 3.2e10;

    private readonly JObject _json;
    private readonly string _where;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private ResourceReader(JObject json, string where)
    {
        _json = json;
        _where = where;
    }

    /// <param name="where">How errors name the resource until its URN is known.</param>
    /// <param name="open">Opens a secret of the resource with the given URN.</param>
    /// <exception cref="StateFileException">A field is missing or of another type.</exception>
    public static ResourceState Read(JToken token, string where, Func<string, OpenSecret> open)
    {
        if (token is not JObject json)
        {
            throw new StateFileException($"{where} is no object.");
        }

        var urn = json["urn"]?.Type == JTokenType.String ? json.Value<string>("urn")! : string.Empty;
        return new ResourceReader(json, urn.Length > 0 ? urn : where).Read(open(urn));
    }

    private ResourceState Read(OpenSecret open)
    {
        var resource = new ResourceState
        {
            Urn = Required("urn"),
            Type = Required("type"),
            Custom = Flag("custom"),
            Delete = Flag("delete"),
            Id = Text("id"),
            Inputs = Properties("inputs", open),
            Outputs = Properties("outputs", open),
            Parent = Text("parent"),
            Protect = Flag("protect"),
            Taint = Flag("taint"),
            External = Flag("external"),
            Dependencies = List("dependencies"),
            InitErrors = List("initErrors"),
            Provider = Text("provider"),
            PropertyDependencies = Map("propertyDependencies") is { } map
                ? map.Properties().ToImmutableSortedDictionary(
                    property => property.Name, property => Items(property.Value, $"propertyDependencies.{property.Name}"), StringComparer.Ordinal)
                : ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal),
            PendingReplacement = Flag("pendingReplacement"),
            AdditionalSecretOutputs = List("additionalSecretOutputs"),
            Aliases = List("aliases"),
            CustomTimeouts = Map("customTimeouts") is { } timeouts
                ? new(Seconds(timeouts, "create"), Seconds(timeouts, "update"), Seconds(timeouts, "delete"), Seconds(timeouts, "read"))
                : null,
            ImportId = Text("importID"),
            RetainOnDelete = Flag("retainOnDelete"),
            DeletedWith = Text("deletedWith"),
            ReplaceWith = List("replaceWith"),
            Created = Time("created"),
            Modified = Time("modified"),
            SourcePosition = Text("sourcePosition"),
            IgnoreChanges = List("ignoreChanges"),
            ReplaceOnChanges = List("replaceOnChanges"),
            RefreshBeforeUpdate = Flag("refreshBeforeUpdate"),
        };
        return resource with
        {
            Unknown = _json.Properties().Where(property => !_read.Contains(property.Name))
                .ToImmutableSortedDictionary(property => property.Name, property => property.Value.DeepClone(), StringComparer.Ordinal),
        };
    }

    private PropertyMap Properties(string name, OpenSecret open)
    {
        try
        {
            return Map(name) is { } map ? new StateValueReader(open).ReadMap(map, name) : PropertyMap.Empty;
        }
        catch (PropertyFormatException exception)
        {
            throw new StateFileException($"{_where}: {exception.Message}", exception);
        }
    }

    private JToken? Token(string name)
    {
        _read.Add(name);
        return _json.TryGetValue(name, StringComparison.Ordinal, out var token) && token.Type != JTokenType.Null ? token : null;
    }

    private string Text(string name) => Token(name) switch
    {
        null => string.Empty,
        { Type: JTokenType.String } token => token.Value<string>()!,
        var token => throw Wrong(name, "a text", token),
    };

    private string Required(string name) =>
        Text(name) is { Length: > 0 } text ? text : throw new StateFileException($"{_where} lacks \"{name}\".");

    private bool Flag(string name) => Token(name) switch
    {
        null => false,
        { Type: JTokenType.Boolean } token => token.Value<bool>(),
        var token => throw Wrong(name, "true or false", token),
    };

    private JObject? Map(string name) => Token(name) switch
    {
        null => null,
        JObject map => map,
        var token => throw Wrong(name, "an object", token),
    };

    private ImmutableArray<string> List(string name) => Token(name) is { } token ? Items(token, name) : [];

    private ImmutableArray<string> Items(JToken token, string name) => token.Type switch
    {
        JTokenType.Null => [],
        JTokenType.Array when token.All(item => item.Type == JTokenType.String) => [.. token.Values<string>().OfType<string>()],
        _ => throw Wrong(name, "a list of texts", token),
    };

    private DateTimeOffset? Time(string name) =>
        Text(name) is not { Length: > 0 } text ? null
        : StateTime.TryParse(text, out var time) ? time
        : throw new StateFileException($"{_where}: \"{name}\" is no RFC 3339 time: \"{text}\".");

    private TimeSpan? Seconds(JObject timeouts, string name) => timeouts[name] switch
    {
        null or { Type: JTokenType.Null } => null,
        { Type: JTokenType.Integer or JTokenType.Float } token when StateJson.Number((JValue)token) is >= 0 and <= MostSeconds and var seconds => TimeSpan.FromSeconds(seconds),
        { Type: JTokenType.Integer or JTokenType.Float } => throw new StateFileException($"{_where}: \"customTimeouts.{name}\" is no number of seconds that anybody waits."),
        var token => throw Wrong($"customTimeouts.{name}", "a number of seconds", token),
    };

    private StateFileException Wrong(string name, string expected, JToken token) =>
        new($"{_where}: \"{name}\" must be {expected}, but it is of type {token.Type.ToString().ToLowerInvariant()}.");
}
