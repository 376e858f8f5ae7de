using System.Collections.Immutable;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.Deployments.Urns;

namespace Provisioner.Engine.Deployments.Imports;

/// <summary>Pulumi's file for importing many resources: <c>resources</c>, and a <c>nameTable</c> with the URNs of what they refer to.</summary>
public sealed class ImportFile
{
    private static readonly ImmutableHashSet<string> Known =
        ["type", "name", "id", "logicalName", "parent", "provider", "version", "pluginDownloadUrl", "properties", "component", "remote"];

    private readonly string _path;
    private readonly string _stack;
    private readonly string _project;
    private readonly JArray _resources;
    private readonly Dictionary<string, string> _urns = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ambiguous = new(StringComparer.Ordinal);

    private ImportFile(string path, string stack, string project, JObject file)
    {
        (_path, _stack, _project) = (path, stack, project);
        RefuseUnknown(file, ["nameTable", "resources"], path);
        _resources = file["resources"] as JArray ?? throw Refused("\"resources\" must be a list");
        foreach (var entry in file["nameTable"] as JObject ?? [])
        {
            var urn = entry.Value is JValue { Type: JTokenType.String, Value: string text } && Urn.TryParse(text) is not null ? text : throw Refused($"nameTable.{entry.Key} must be a URN, but it is {entry.Value}");
            _urns.Add(entry.Key, urn);
        }
    }

    /// <summary>Reads such a file's content.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="protect">The resources are protected afterwards.</param>
    /// <exception cref="ImportFileException">It is no such file, or contradicts itself.</exception>
    public static ImmutableArray<ImportRequest> Parse(string path, string content, string stack, string project, bool protect)
    {
        JToken parsed;
        try
        {
            parsed = JToken.Parse(content);
        }
        catch (JsonReaderException exception)
        {
            throw new ImportFileException($"{path} is no JSON: {exception.Message}");
        }

        return new ImportFile(path, stack, project, parsed as JObject ?? throw new ImportFileException($"{path} must hold an object with \"resources\".")).Requests(protect);
    }

    private ImmutableArray<ImportRequest> Requests(bool protect)
    {
        var specs = _resources.Select((token, index) => token as JObject ?? throw Refused($"resources[{index}] must be an object")).ToList();
        foreach (var name in specs.Select(Name).GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1 || _urns.ContainsKey(group.Key)))
        {
            _ambiguous.Add(name.Key);
        }

        var requests = new ImportRequest?[specs.Count];
        for (var left = specs.Count; left > 0;)
        {
            var before = left;
            for (var index = 0; index < specs.Count; index++)
            {
                var parent = Text(specs[index], "parent");
                if (requests[index] is null && (parent.Length == 0 || _urns.ContainsKey(parent) || !specs.Any(spec => Name(spec) == parent)))
                {
                    requests[index] = Request(specs[index], index, protect);
                    left--;
                }
            }

            if (left == before)
            {
                throw Refused($"the parents of {string.Join(", ", specs.Where((_, index) => requests[index] is null).Select(Name))} form a circle");
            }
        }

        return [.. requests!];
    }

    private ImportRequest Request(JObject spec, int index, bool protect)
    {
        var what = Name(spec).Length > 0 ? $"resource \"{Name(spec)}\"" : $"resources[{index}]";
        RefuseUnknown(spec, Known, what);
        var (type, id, component) = (Text(spec, "type"), Text(spec, "id"), Flag(spec, "component", what));
        if (type.Length == 0)
        {
            throw Refused($"{what} has no \"type\"");
        }

        if (Name(spec).Length == 0)
        {
            throw Refused($"{what} has no \"name\"");
        }

        if (Urn.IsProviderType(type))
        {
            throw Refused($"{what} is a provider; have the program register it and run an update, then name its URN in \"nameTable\"");
        }

        if (Flag(spec, "remote", what))
        {
            throw Refused($"{what} is a remote component, which this engine does not import");
        }

        if (component == id.Length > 0)
        {
            throw Refused(component ? $"{what} is a component, and has an \"id\"" : $"{what} has no \"id\"");
        }

        var parent = Resolve(spec, "parent", what);
        var provider = Resolve(spec, "provider", what);
        if (provider.Length > 0 && !Urn.Parse(provider).IsProvider)
        {
            throw Refused($"{what}: its provider {provider} is none");
        }

        var logical = Text(spec, "logicalName") is { Length: > 0 } name ? name : Name(spec);
        _urns.TryAdd(Name(spec), Urn.Create(_stack, _project, parent.Length == 0 ? null : Urn.Parse(parent), type, logical).ToString());
        return new ImportRequest(type, logical, id)
        {
            Parent = parent,
            Provider = provider,
            Version = Text(spec, "version"),
            PluginDownloadUrl = Text(spec, "pluginDownloadUrl"),
            Properties = [.. (spec["properties"] as JArray ?? []).Select(property => property.ToString())],
            Component = component,
            Protect = protect,
        };
    }

    private string Resolve(JObject spec, string key, string what)
    {
        var name = Text(spec, key);
        return name.Length == 0 ? string.Empty
            : _ambiguous.Contains(name) ? throw Refused($"{what}: its {key} \"{name}\" is the name of more than one")
            : _urns.TryGetValue(name, out var urn) ? urn
            : throw Refused($"{what}: its {key} \"{name}\" has no entry in \"nameTable\"");
    }

    /// <summary>How other resources of the file call it.</summary>
    private string Name(JObject spec) => Text(spec, "name") is { Length: > 0 } name ? name : Text(spec, "logicalName");

    private string Text(JObject spec, string key) => spec[key] switch
    {
        null or { Type: JTokenType.Null } => string.Empty,
        JValue { Value: string text } => text,
        var other => throw Refused($"\"{key}\" must be a text, but it is {other}"),
    };

    private bool Flag(JObject spec, string key, string what) => spec[key] switch
    {
        null => false,
        JValue { Value: bool value } => value,
        var other => throw Refused($"{what}: \"{key}\" must be true or false, but it is {other}"),
    };

    private void RefuseUnknown(JObject given, ImmutableHashSet<string> known, string what)
    {
        if (given.Properties().FirstOrDefault(property => !known.Contains(property.Name)) is { } unknown)
        {
            throw Refused($"{what} has \"{unknown.Name}\", which this engine does not know; it knows {string.Join(", ", known.Order(StringComparer.Ordinal))}");
        }
    }

    private ImportFileException Refused(string why) => new($"{_path}: {why}.");
}

/// <summary>A file of resources to be imported is no such file.</summary>
public sealed class ImportFileException(string message) : EngineException("import-file", message);
