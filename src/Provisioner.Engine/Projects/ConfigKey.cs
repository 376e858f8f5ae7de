namespace Provisioner.Engine.Projects;

/// <summary>A configuration key, <c>namespace:name</c>; the namespace is the project's or a package's name.</summary>
public readonly record struct ConfigKey(string Namespace, string Name) : IComparable<ConfigKey>
{
    public int CompareTo(ConfigKey other) => string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() => $"{Namespace}:{Name}";

    /// <summary>The key that a person or a file wrote: <c>name</c> for the project's own, <c>namespace:name</c>, or the old <c>namespace:config:name</c>; null for anything else.</summary>
    public static ConfigKey? TryParse(string text, string project) => text.Split(':') switch
    {
        [{ Length: > 0 } name] => new ConfigKey(project, name),
        [{ Length: > 0 } space, { Length: > 0 } name] => new ConfigKey(space, name),
        [{ Length: > 0 } space, "config", { Length: > 0 } name] => new ConfigKey(space, name),
        _ => null,
    };

    public static bool operator <(ConfigKey left, ConfigKey right) => left.CompareTo(right) < 0;

    public static bool operator <=(ConfigKey left, ConfigKey right) => left.CompareTo(right) <= 0;

    public static bool operator >(ConfigKey left, ConfigKey right) => left.CompareTo(right) > 0;

    public static bool operator >=(ConfigKey left, ConfigKey right) => left.CompareTo(right) >= 0;
}

/// <summary>A configuration value in clear, as programs get it.</summary>
/// <param name="Text">Numbers and truth values as Pulumi writes them whatever their form in the file (<c>0x10</c> is <c>16</c>, <c>True</c> is <c>true</c>), objects and lists as JSON text.</param>
/// <param name="IsSecret">Whether any part of it was encrypted.</param>
public sealed record ConfigValue(string Text, bool IsSecret)
{
    /// <summary>Never a secret's value.</summary>
    public override string ToString() => IsSecret ? "[secret]" : Text;
}
