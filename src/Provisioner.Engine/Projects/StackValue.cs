using System.Collections.Immutable;

namespace Provisioner.Engine.Projects;

/// <summary>What a plain YAML scalar means, by the rules of the YAML library that Pulumi's CLI uses.</summary>
public enum ScalarKind
{
    Text,
    Integer,
    Float,
    Boolean,
    Null,
}

/// <summary>A value of a stack file's <c>config</c> as it stands there: secrets are ciphertext. Immutable, with structural equality.</summary>
public abstract record StackValue
{
    private StackValue()
    {
    }

    /// <summary>Whether any part of it is encrypted.</summary>
    public bool IsSecure => this switch
    {
        Secure => true,
        List list => list.Items.Any(item => item.IsSecure),
        Map map => map.Entries.Values.Any(item => item.IsSecure),
        _ => false,
    };

    /// <summary>A text value, as <c>config set</c> makes one.</summary>
    public static StackValue OfText(string text) => new Scalar(text, ScalarKind.Text);

    /// <summary>A text, number, truth value or null.</summary>
    /// <param name="Text">In the form programs get: <c>true</c>, <c>42</c>, empty for null.</param>
    public sealed record Scalar(string Text, ScalarKind Kind) : StackValue;

    /// <summary>An encrypted text: a mapping with the single key <c>secure</c>.</summary>
    public sealed record Secure(string Ciphertext) : StackValue;

    /// <summary>A list.</summary>
    public sealed record List(ImmutableArray<StackValue> Items) : StackValue
    {
        /// <summary>The same items in the same order.</summary>
        public bool Equals(List? other) => other is not null && Items.SequenceEqual(other.Items);

        public override int GetHashCode() => Items.Aggregate(Items.Length, HashCode.Combine);
    }

    /// <summary>A mapping.</summary>
    public sealed record Map(ImmutableSortedDictionary<string, StackValue> Entries) : StackValue
    {
        public static Map Empty { get; } = new(ImmutableSortedDictionary.Create<string, StackValue>(StringComparer.Ordinal));

        /// <summary>The same keys with the same values.</summary>
        public bool Equals(Map? other) => other is not null && Entries.SequenceEqual(other.Entries);

        public override int GetHashCode() => Entries.Aggregate(Entries.Count, (hash, entry) => HashCode.Combine(hash, entry.Key, entry.Value));
    }
}
