using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Pulumi.Wire.Redaction;

/// <summary>
/// Knows every secret that this process has seen, and takes it out of every text that leaves: as it is, in the forms in which it may come
/// back from a tool or a log (base64 at each of its three phases, hexadecimal, the escapes of URLs, XML, JSON and shells), broken into
/// lines, with a terminal's sequences in it, or cut off. May be used by many threads.
/// </summary>
public sealed class Redactor
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mark = "[secret]";

    /// <summary>The fewest bytes of a secret. Shorter ones would tear words apart without hiding anything: whoever sees the gap can guess them.</summary>
    internal const int Fewest = 3;

    // Of a number less is a count or a size.
    private const int ShortestNumber = 4;

    // Escapes inside of escapes: JSON in a log that is JSON, in a test of the same.
    private const int Depth = 3;

    // Words that stand everywhere and hide nothing.
    private static readonly string[] NotHidden = ["true", "false", "null", "none", Mark];

    // A connection is a secret as a whole for the password in it; where it leads has to stay readable in an error.
    private static readonly string[] Places = ["host", "hostname", "port", "user", "username", "address"];

    private readonly Lock _gate = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly SecretForms _forms = new();
    private readonly int _shortest;

    /// <param name="shortest">Texts of fewer characters are not taken for secrets; at least 3.</param>
    public Redactor(int shortest = Fewest) => _shortest = shortest;

    /// <summary>Learns every secret in a map.</summary>
    public void Learn(PropertyMap properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        foreach (var value in properties.Values)
        {
            Learn(value, isSecret: false);
        }
    }

    /// <summary>Learns one secret.</summary>
    public void Learn(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Length < _shortest || NotHidden.Contains(secret, StringComparer.OrdinalIgnoreCase))
        {
            return;
        }

        lock (_gate)
        {
            if (_known.Add(secret))
            {
                _forms.Add(secret);
            }
        }
    }

    /// <summary>Whether a secret is in the text, in any form.</summary>
    public bool Finds(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Spans(text).Count > 0;
    }

    /// <summary>The text without any secret.</summary>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var spans = Spans(text);
        if (spans.Count == 0)
        {
            return text;
        }

        spans.Sort();
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (start, end) in spans)
        {
            if (start >= at)
            {
                result.Append(text, at, start - at).Append(Mark);
            }

            at = Math.Max(at, end);
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The map with every text in it that is in clear redacted; what is marked as a secret stays as it is.</summary>
    public PropertyMap Redact(PropertyMap properties) => Change(properties, value => value switch
    {
        PropertyValue.Asset { Source: AssetSource.Text text } asset => asset with { Source = new AssetSource.Text(Redact(text.Value)) },
        PropertyValue.Archive { Source: ArchiveSource.Assets assets } archive => archive with { Source = new ArchiveSource.Assets(Redact(assets.Entries)) },
        PropertyValue.String text => Redact(text.Value),
        _ => Mark,
    });

    /// <summary>The map with every text in it that has a secret in it, and is in clear, marked as a secret itself.</summary>
    public PropertyMap Seal(PropertyMap properties) => Change(properties, value => new PropertyValue.Secret(value));

    /// <summary>Changes the values in clear that have a secret in them; what has none in it stays the same object.</summary>
    private PropertyMap Change(PropertyMap properties, Func<PropertyValue, PropertyValue> change)
    {
        ArgumentNullException.ThrowIfNull(properties);
        foreach (var (name, value) in properties)
        {
            if (Change(value, change) is var changed && !ReferenceEquals(changed, value))
            {
                properties = properties.With(name, changed);
            }
        }

        return properties;
    }

    private PropertyValue Change(PropertyValue value, Func<PropertyValue, PropertyValue> change)
    {
        switch (value)
        {
            case PropertyValue.String text:
                return Finds(text.Value) ? change(value) : value;
            case PropertyValue.Number number:
                return Finds(TextOf(number)) ? change(value) : value;
            case PropertyValue.Asset { Source: AssetSource.Text text }:
                return Finds(text.Value) ? change(value) : value;
            case PropertyValue.Archive { Source: ArchiveSource.Assets { Entries: var entries } }:
                // What is in an archive is not sealed by itself: only files can stand there.
                return ReferenceEquals(Seal(entries), entries) ? value : change(value);
            case PropertyValue.Output { IsSecret: false, Value: { } inner } output:
                return Change(inner, change) is var changed && ReferenceEquals(changed, inner) ? value : output with { Value = changed };
            case PropertyValue.Array array:
                ImmutableArray<PropertyValue> items = [.. array.Items.Select(item => Change(item, change))];
                return items.Zip(array.Items).All(pair => ReferenceEquals(pair.First, pair.Second)) ? value : new PropertyValue.Array(items);
            case PropertyValue.Object map:
                return Change(map.Properties, change) is var inside && ReferenceEquals(inside, map.Properties) ? value : new PropertyValue.Object(inside);
            default:
                return value;
        }
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
            case PropertyValue.Number number when isSecret && TextOf(number) is { Length: >= ShortestNumber } text:
                Learn(text);
                break;
            case PropertyValue.Asset { Source: AssetSource.Text text } when isSecret:
                Learn(text.Value);
                break;
            case PropertyValue.Archive { Source: ArchiveSource.Assets assets }:
                foreach (var asset in assets.Entries.Values)
                {
                    Learn(asset, isSecret);
                }

                break;
            case PropertyValue.Array array:
                foreach (var item in array.Items)
                {
                    Learn(item, isSecret);
                }

                break;
            case PropertyValue.Object map:
                foreach (var (name, item) in map.Properties)
                {
                    Learn(item, isSecret && !Places.Contains(name, StringComparer.OrdinalIgnoreCase));
                }

                break;
        }
    }

    private static string TextOf(PropertyValue.Number number) => number.Value.ToString("R", CultureInfo.InvariantCulture);

    private List<(int Start, int End)> Spans(string text)
    {
        var spans = new List<(int Start, int End)>();
        lock (_gate)
        {
            if (_known.Count == 0 || text.Length < Fewest)
            {
                return spans;
            }

            foreach (var view in Views(TextView.Of(text)))
            {
                var squeezed = view.Squeezed();
                Take(_forms.Plain, view);
                Take(_forms.Squeezed, squeezed);
                Take(_forms.Base64, squeezed.AsBase64());
                if (view.AsHex(SecretForms.ShortestHex) is { } digits)
                {
                    Take(_forms.Hex, digits);
                }
            }
        }

        return spans;

        void Take(FragmentIndex index, TextView view) => spans.AddRange(index.Find(view).Select(place => view.Source(place.At, place.Length)));
    }

    /// <summary>The ways to read a text. A terminal's sequences may be in what an escape stands for, too.</summary>
    private static IEnumerable<TextView> Views(TextView text)
    {
        yield return text;
        var clean = text.Cleaned();
        if (clean is not null)
        {
            yield return clean;
        }

        foreach (var first in (Func<TextView, TextView?>[])[view => view.Unescaped(), view => view.Decoded()])
        {
            var view = clean ?? text;
            for (var depth = 0; depth < Depth && first(view) is { } read; depth++)
            {
                view = read.Cleaned() ?? read;
                yield return view;
                if (view.Decoded() is { } both)
                {
                    yield return both;
                }
            }
        }
    }
}
