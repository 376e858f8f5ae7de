namespace Pulumi.Command.Local;

/// <summary>Which of a command's outputs are shown while it runs.</summary>
[EnumType]
public readonly struct Logging : IEquatable<Logging>
{
    private readonly string _value;

    private Logging(string value) => _value = value;

    /// <summary>Show stdout, not stderr.</summary>
    public static Logging Stdout { get; } = new("stdout");

    /// <summary>Show stderr, not stdout.</summary>
    public static Logging Stderr { get; } = new("stderr");

    /// <summary>Show both.</summary>
    public static Logging StdoutAndStderr { get; } = new("stdoutAndStderr");

    /// <summary>Show nothing.</summary>
    public static Logging None { get; } = new("none");

    public static explicit operator string(Logging value) => value._value;

    public static bool operator ==(Logging left, Logging right) => left.Equals(right);

    public static bool operator !=(Logging left, Logging right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Logging other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Logging other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc/>
    public override string ToString() => _value;
}
