using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using Provisioner.Provider.Remote;
using Pulumi.Wire;

namespace Provisioner.Provider.Hosting;

/// <summary>
/// Knows every secret that this process has seen, and takes it out of every text that leaves: as it is, and in the forms in
/// which it may come back from a tool or a log (base64 at each of its three phases, hex, URL, JSON and shell quoted).
/// </summary>
internal sealed class Redactor
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mark = "[secret]";

    // Shorter ones would tear words apart without hiding anything: whoever sees the gap can guess them.
    private const int Shortest = 3;

    // A line of a longer secret that could stand in anybody's text is no secret by itself.
    private const int ShortestLine = 8;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private ImmutableArray<string> _forms = [];

    /// <summary>Learns every secret in a map.</summary>
    public void Learn(PropertyMap properties)
    {
        foreach (var value in properties.Values)
        {
            Learn(value, isSecret: false);
        }
    }

    /// <summary>Learns one secret.</summary>
    public void Learn(string secret)
    {
        lock (_lock)
        {
            if (secret.Length < Shortest || !_known.Add(secret))
            {
                return;
            }

            // Longest first, so that no form leaves the rest of a longer one behind.
            _forms = [.. _forms.Concat(FormsOf(secret)).Where(form => form.Length >= Shortest).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];
        }
    }

    /// <summary>The text without any secret.</summary>
    public string Redact(string text)
    {
        foreach (var form in _forms)
        {
            text = text.Replace(form, Mark, StringComparison.Ordinal);
        }

        return text;
    }

    private void Learn(PropertyValue value, bool isSecret)
    {
        switch (value)
        {
            case PropertyValue.Secret secret:
                Learn(secret.Value, isSecret: true);
                break;
            case PropertyValue.Output { Value: { } inner } output:
                Learn(inner, isSecret || output.IsSecret);
                break;
            case PropertyValue.String text when isSecret:
                Learn(text.Value);
                break;
            case PropertyValue.Array array:
                foreach (var item in array.Items)
                {
                    Learn(item, isSecret);
                }

                break;
            case PropertyValue.Object map:
                foreach (var item in map.Properties.Values)
                {
                    Learn(item, isSecret);
                }

                break;
        }
    }

    private static IEnumerable<string> FormsOf(string secret)
    {
        var lines = secret.Split('\n').Select(line => line.Trim())
            .Where(line => line.Length >= ShortestLine && line != secret && !line.StartsWith("-----", StringComparison.Ordinal) && !(line[0] == '[' && line[^1] == ']'));
        return EncodingsOf(secret).Concat(lines.SelectMany(EncodingsOf));
    }

    private static IEnumerable<string> EncodingsOf(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Convert.ToHexStringLower(bytes);
        yield return Convert.ToHexString(bytes);
        yield return Uri.EscapeDataString(secret);
        yield return WebUtility.UrlEncode(secret);
        yield return JsonSerializer.Serialize(secret)[1..^1];
        yield return Newtonsoft.Json.JsonConvert.ToString(secret)[1..^1];
        yield return secret.Replace("'", "'\\''", StringComparison.Ordinal);
        yield return ShellQuoting.CanQuote(secret) ? ShellQuoting.Quote(secret) : secret;
        for (var phase = 0; phase < 3; phase++)
        {
            if (Base64Core(bytes, phase) is { Length: >= 6 } core)
            {
                yield return core;
                yield return core.Replace('+', '-').Replace('/', '_');
            }
        }
    }

    /// <summary>The part of a base64 text that depends on the secret alone, when it begins at this phase of a group of three bytes.</summary>
    private static string Base64Core(byte[] bytes, int phase)
    {
        var padded = new byte[phase + bytes.Length];
        bytes.CopyTo(padded, phase);
        var text = Convert.ToBase64String(padded).TrimEnd('=');
        var start = phase switch { 0 => 0, 1 => 2, _ => 3 };
        var end = padded.Length % 3 == 0 ? text.Length : text.Length - 1;
        return start < end ? text[start..end] : string.Empty;
    }
}
