namespace Provisioner.Provider.Modelling;

/// <summary>Property paths as Pulumi writes them: <c>a.b[0]</c>, <c>a["odd.key"]</c>.</summary>
internal static class PropertyPath
{
    /// <summary>The path of an entry below another path.</summary>
    public static string Append(string path, string key) =>
        key.Length > 0 && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '$')
            ? path.Length == 0 ? key : $"{path}.{key}"
            : $"{path}[\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"]";

    /// <summary>Whether one path is the other, or leads to it.</summary>
    public static bool Touch(string path, string other) => path.Length <= other.Length ? Leads(path, other) : Leads(other, path);

    private static bool Leads(string path, string other) =>
        other.StartsWith(path, StringComparison.Ordinal) && (other.Length == path.Length || other[path.Length] is '.' or '[');

    /// <summary>The first name of a path: the top-level property.</summary>
    public static string Root(string path)
    {
        if (path.StartsWith("[\"", StringComparison.Ordinal) && path.IndexOf("\"]", StringComparison.Ordinal) is var close and > 0)
        {
            return path[2..close];
        }

        var end = path.AsSpan().IndexOfAny('.', '[');
        return end < 0 ? path : path[..end];
    }
}
