namespace Pulumi.Wire;

/// <summary>A value from the wire or a state file that is not one of Pulumi's. The message names the path, never the value.</summary>
public sealed class PropertyFormatException(string path, string problem)
    : FormatException($"{(path.Length == 0 ? "The value" : $"\"{path}\"")} {problem}.")
{
    /// <summary>The property's path, such as <c>a.b[0]</c>; empty for the value itself.</summary>
    public string Path { get; } = path;
}
