using System.Collections.Immutable;
using System.Globalization;
using Pulumi.Wire;

namespace Provisioner.Cli.Display;

/// <summary>Pulumi's property paths: <c>a.b[0].c</c>, <c>["odd.key"]</c>.</summary>
internal static class PropertyPath
{
    public static string Append(string path, string key) =>
        IsPlain(key) ? (path.Length == 0 ? key : $"{path}.{key}") : $"{path}[{ValueText.Quote(key)}]";

    public static string Append(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    /// <summary>A key as it stands at the start of a path.</summary>
    public static string Key(string key) => Append(string.Empty, key);

    /// <summary>Strings for keys, integers for indexes; a path that is not well formed is one key.</summary>
    public static ImmutableArray<object> Parse(string path)
    {
        var parts = ImmutableArray.CreateBuilder<object>();
        var position = 0;
        while (position < path.Length)
        {
            if (path[position] == '.')
            {
                position++;
            }
            else if (path[position] != '[')
            {
                var end = path.AsSpan(position).IndexOfAny('.', '[');
                end = end < 0 ? path.Length : position + end;
                parts.Add(path[position..end]);
                position = end;
            }
            else if (position + 1 < path.Length && path[position + 1] == '"' && Quoted(path, position + 2) is var (key, next) && next > 0)
            {
                parts.Add(key);
                position = next;
            }
            else if (path.IndexOf(']', position) is var close and > 0 && int.TryParse(path.AsSpan(position + 1, close - position - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                parts.Add(index);
                position = close + 1;
            }
            else
            {
                return [path];
            }
        }

        return parts.ToImmutable();
    }

    /// <summary>The value at a path, or null. Under a secret everything is that secret.</summary>
    public static PropertyValue? Find(PropertyMap properties, string path)
    {
        PropertyValue? current = new PropertyValue.Object(properties);
        foreach (var part in Parse(path))
        {
            current = current is PropertyValue.Output { IsSecret: false, Value: { } inner } ? inner : current;
            if (current is PropertyValue.Secret or PropertyValue.Output or PropertyValue.Unknown)
            {
                return current;
            }

            current = (part, current) switch
            {
                (string key, PropertyValue.Object map) => map.Properties.TryGetValue(key, out var value) ? value : null,
                (int index, PropertyValue.Array array) => index < array.Items.Length ? array.Items[index] : null,
                _ => null,
            };
        }

        return current;
    }

    private static bool IsPlain(string key) =>
        key.Length > 0 && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '$');

    /// <summary>The key in quotes that starts at a position, and where the path goes on after its bracket; 0 when it does not close.</summary>
    private static (string Key, int Next) Quoted(string path, int start)
    {
        var key = new System.Text.StringBuilder();
        for (var position = start; position + 1 < path.Length; position++)
        {
            if (path[position] == '\\')
            {
                key.Append(path[++position]);
            }
            else if (path[position] == '"')
            {
                return path[position + 1] == ']' ? (key.ToString(), position + 2) : (string.Empty, 0);
            }
            else
            {
                key.Append(path[position]);
            }
        }

        return (string.Empty, 0);
    }
}
