namespace Provisioner.Engine.Projects;

/// <summary>A configuration key, <c>namespace:name</c>; the namespace is the project's or a package's name.</summary>
public readonly record struct ConfigKey(string Namespace, string Name) : IComparable<ConfigKey>
{
    public int CompareTo(ConfigKey other) => string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() => $"{Namespace}:{Name}";

    public static bool operator <(ConfigKey left, ConfigKey right) => left.CompareTo(right) < 0;

    public static bool operator <=(ConfigKey left, ConfigKey right) => left.CompareTo(right) <= 0;

    public static bool operator >(ConfigKey left, ConfigKey right) => left.CompareTo(right) > 0;

    public static bool operator >=(ConfigKey left, ConfigKey right) => left.CompareTo(right) >= 0;
}

/// <summary>A configuration value in clear, as programs get it.</summary>
/// <param name="Text">Numbers and booleans as YAML wrote them, objects and lists as JSON text.</param>
/// <param name="IsSecret">Whether any part of it was encrypted.</param>
public sealed record ConfigValue(string Text, bool IsSecret)
{
    /// <summary>Never a secret's value.</summary>
    public override string ToString() => IsSecret ? "[secret]" : Text;
}
