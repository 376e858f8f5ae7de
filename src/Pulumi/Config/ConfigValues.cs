using System.Collections.Frozen;
using System.Text.Json;

namespace Pulumi.Runtime;

/// <summary>The stack's configuration as the engine hands it over: every value is a text; objects are JSON.</summary>
internal sealed class ConfigValues
{
    private readonly FrozenDictionary<string, string> _values;
    private readonly FrozenSet<string> _secretKeys;

    private ConfigValues(IEnumerable<KeyValuePair<string, string>> values, IEnumerable<string> secretKeys)
    {
        _values = values.ToFrozenDictionary(StringComparer.Ordinal);
        _secretKeys = secretKeys.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <param name="values">A JSON object of texts by <c>namespace:key</c>, or null.</param>
    /// <param name="secretKeys">A JSON array of keys, or null.</param>
    public static ConfigValues Parse(string? values, string? secretKeys)
    {
        try
        {
            using var map = JsonDocument.Parse(string.IsNullOrEmpty(values) ? "{}" : values);
            using var keys = JsonDocument.Parse(string.IsNullOrEmpty(secretKeys) ? "[]" : secretKeys);
            return new ConfigValues(
                [.. map.RootElement.EnumerateObject().Select(entry => KeyValuePair.Create(Clean(entry.Name), entry.Value.ToString()))],
                [.. keys.RootElement.EnumerateArray().Select(key => Clean(key.ToString()))]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The parser's message may quote what it read.
            throw new RunException("PULUMI_CONFIG must be a JSON object of texts, and PULUMI_CONFIG_SECRET_KEYS a JSON array of texts; the engine sets both.");
        }
    }

    public string? Get(string fullKey) => _values.GetValueOrDefault(fullKey);

    public bool IsSecret(string fullKey) => _secretKeys.Contains(fullKey);

    /// <summary><c>lamp:config:hostname</c> is an older spelling of <c>lamp:hostname</c>.</summary>
    private static string Clean(string key)
    {
        const string infix = ":config:";
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && key.AsSpan(colon).StartsWith(infix, StringComparison.Ordinal)
            ? string.Concat(key.AsSpan(0, colon + 1), key.AsSpan(colon + infix.Length))
            : key;
    }
}
