using System.Collections.Immutable;

namespace Pulumi;

/// <summary>What an output holds once it is settled. Not a record: its text would show secrets.</summary>
internal readonly struct OutputData<T>(T value, bool isKnown, bool isSecret, ImmutableHashSet<Resource> resources)
{
    /// <summary>Meaningful only when <see cref="IsKnown"/>.</summary>
    public T Value { get; } = value;

    public bool IsKnown { get; } = isKnown;

    public bool IsSecret { get; } = isSecret;

    /// <summary>The resources that the value comes from.</summary>
    public ImmutableHashSet<Resource> Resources { get; } = resources;

    public static OutputData<T> Plain(T value) => new(value, isKnown: true, isSecret: false, []);

    public static OutputData<T> Unknown(bool isSecret, ImmutableHashSet<Resource> resources) => new(default!, isKnown: false, isSecret, resources);
}
