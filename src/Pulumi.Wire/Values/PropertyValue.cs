using System.Collections.Immutable;

namespace Pulumi.Wire;

/// <summary>
/// A value as Pulumi's programs, engine and providers exchange it: JSON's six kinds, and what Pulumi adds to them.
/// Immutable, with structural equality.
/// </summary>
public abstract record PropertyValue
{
    private PropertyValue()
    {
    }

    /// <summary>The one null.</summary>
    public static PropertyValue NullValue { get; } = new Null();

    /// <summary>A value that is not known until an update runs, in the form SDKs send.</summary>
    public static PropertyValue UnknownValue { get; } = new Unknown(UnknownKind.String);

    public static implicit operator PropertyValue(bool value) => new Boolean(value);

    public static implicit operator PropertyValue(double value) => new Number(value);

    public static implicit operator PropertyValue(string? value) => value is null ? NullValue : new String(value);

    /// <summary>JSON's null.</summary>
    public sealed record Null : PropertyValue;

    /// <summary>JSON's true and false.</summary>
    public sealed record Boolean(bool Value) : PropertyValue;

    /// <summary>A number; the wire knows IEEE 754 doubles only.</summary>
    public sealed record Number(double Value) : PropertyValue;

    /// <summary>A text that is none of the unknown sentinels.</summary>
    public sealed record String(string Value) : PropertyValue;

    /// <summary>A list.</summary>
    public sealed record Array(ImmutableArray<PropertyValue> Items) : PropertyValue
    {
        /// <summary>The same items in the same order.</summary>
        public bool Equals(Array? other) => other is not null && Items.SequenceEqual(other.Items);

        public override int GetHashCode() => Items.Aggregate(Items.Length, HashCode.Combine);
    }

    /// <summary>A map without a signature.</summary>
    public sealed record Object(PropertyMap Properties) : PropertyValue;

    /// <summary>A value that must never be shown or stored in clear.</summary>
    public sealed record Secret(PropertyValue Value) : PropertyValue
    {
        /// <summary>Never the value.</summary>
        public override string ToString() => "[secret]";
    }

    /// <summary>A value with what it depends on; <see cref="Value"/> is null while it is unknown.</summary>
    /// <param name="Value">The value, or null while it is unknown.</param>
    /// <param name="IsSecret">Whether it must never be shown or stored in clear.</param>
    /// <param name="Dependencies">URNs.</param>
    public sealed record Output(PropertyValue? Value, bool IsSecret, ImmutableArray<string> Dependencies) : PropertyValue
    {
        /// <summary>The same value, secrecy and dependencies in the same order.</summary>
        public bool Equals(Output? other) =>
            other is not null && IsSecret == other.IsSecret && Equals(Value, other.Value) && Dependencies.SequenceEqual(other.Dependencies);

        public override int GetHashCode() => HashCode.Combine(Value, IsSecret, Dependencies.Length);

        /// <summary>Never a secret's value.</summary>
        public override string ToString() => IsSecret ? "[secret output]" : $"Output {{ {Value?.ToString() ?? "unknown"} }}";
    }

    /// <summary>A file's content.</summary>
    /// <param name="Source">Where the content is; null when only the hash came along.</param>
    /// <param name="Hash">SHA-256 in hex, or empty.</param>
    public sealed record Asset(AssetSource? Source, string Hash) : PropertyValue;

    /// <summary>A tree of files.</summary>
    /// <param name="Source">Where the files are; null when only the hash came along.</param>
    /// <param name="Hash">SHA-256 in hex, or empty.</param>
    public sealed record Archive(ArchiveSource? Source, string Hash) : PropertyValue;

    /// <summary>A resource.</summary>
    /// <param name="Urn">Its URN.</param>
    /// <param name="Id">Null for a component; empty while it is unknown.</param>
    /// <param name="PackageVersion">The version of the package it comes from, or empty.</param>
    public sealed record ResourceReference(string Urn, string? Id, string PackageVersion) : PropertyValue;

    /// <summary>A value that is not known until an update runs.</summary>
    public sealed record Unknown(UnknownKind Kind) : PropertyValue;
}

/// <summary>Where an asset's content is.</summary>
public abstract record AssetSource
{
    private AssetSource()
    {
    }

    /// <summary>The content itself.</summary>
    public sealed record Text(string Value) : AssetSource;

    /// <summary>A file of this machine.</summary>
    public sealed record Path(string Value) : AssetSource;

    /// <summary>A place to fetch it from.</summary>
    public sealed record Uri(string Value) : AssetSource;
}

/// <summary>Where an archive's files are.</summary>
public abstract record ArchiveSource
{
    private ArchiveSource()
    {
    }

    /// <summary>Assets and archives by their path inside the archive.</summary>
    public sealed record Assets(PropertyMap Entries) : ArchiveSource;

    /// <summary>An archive file or a folder of this machine.</summary>
    public sealed record Path(string Value) : ArchiveSource;

    /// <summary>A place to fetch it from.</summary>
    public sealed record Uri(string Value) : ArchiveSource;
}

/// <summary>What an unknown value will be; SDKs send <see cref="String"/> whatever it is.</summary>
public enum UnknownKind
{
    Boolean,
    Number,
    String,
    Array,
    Asset,
    Archive,
    Object,
}
