using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Flakes;

/// <summary>
/// What makes a machine this machine, for the file host.json beside a flake.nix: the copy that is sent gets what the stack knows,
/// so that nobody fills it in by hand. The folder itself is never changed, and a flake without that file keeps its own values.
/// </summary>
/// <param name="Values">By key, each as JSON; only what is known.</param>
internal sealed record HostValues(ImmutableSortedDictionary<string, JsonNode> Values)
{
    /// <summary>The file's path in the flake's folder.</summary>
    public const string File = "host.json";

    private static readonly ImmutableHashSet<string> Keys = ["hostName", "hostId", "pool", "bootPartition", "country", "timeZone", "authorizedKeys"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Nothing to say.</summary>
    public static HostValues None { get; } = new(ImmutableSortedDictionary<string, JsonNode>.Empty);

    /// <summary>With one more, where it is known.</summary>
    public HostValues With(string key, string? value) => string.IsNullOrEmpty(value) ? this : new HostValues(Values.SetItem(key, JsonValue.Create(value)));

    /// <summary>With a list, where it has anything in it.</summary>
    public HostValues With(string key, ImmutableArray<string> values) =>
        values.IsDefaultOrEmpty ? this : new HostValues(Values.SetItem(key, new JsonArray([.. values.Select(value => (JsonNode)JsonValue.Create(value))])));

    /// <summary>The file with these values in it, and which they are; the same bytes where nothing is replaced. A file of another kind that only has the name is left alone.</summary>
    /// <exception cref="InputInvalidException">It is no JSON.</exception>
    public (byte[] Content, ImmutableSortedDictionary<string, string> Given) Overlay(byte[] content, string folder)
    {
        try
        {
            return Overlay(JsonNode.Parse(content, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }), content);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or ArgumentException)
        {
            // A key that stands there twice, or is no text in UTF-8, is found only when it is looked at.
            throw new InputInvalidException($"{File} of the flake is no JSON", malformed) { Where = Path.Combine(folder, File), Why = malformed.Message, Next = "mend it; Nix could not read it either" };
        }
    }

    private (byte[] Content, ImmutableSortedDictionary<string, string> Given) Overlay(JsonNode? node, byte[] content)
    {
        if (node is not JsonObject host || !host.Any(value => Keys.Contains(value.Key)))
        {
            return (content, ImmutableSortedDictionary<string, string>.Empty);
        }

        var changed = false;
        foreach (var (key, value) in Values)
        {
            if (!JsonNode.DeepEquals(host[key], value))
            {
                host[key] = value.DeepClone();
                changed = true;
            }
        }

        return (
            changed ? JsonSerializer.SerializeToUtf8Bytes(host, Indented) : content,
            Values.ToImmutableSortedDictionary(value => value.Key, value => value.Value is JsonArray list ? string.Join(", ", list.Select(each => each!.ToString())) : value.Value.ToString()));
    }

    /// <summary>What is wrong with a country, or null.</summary>
    public static string? CountryProblem(string country) => country.Length == 2 && country.All(char.IsAsciiLetterUpper)
        ? null
        : $"must be two capital letters as in ISO 3166, such as DE, but is '{country}': the radio keeps to that country's rules";

    /// <summary>What is wrong with a time zone, or null.</summary>
    public static string? TimeZoneProblem(string zone) => zone.Length is > 0 and <= 64 && char.IsAsciiLetter(zone[0]) && zone.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
        ? null
        : $"must be a name such as Europe/Berlin or UTC, but is '{zone}'; timedatectl list-timezones shows them";
}
