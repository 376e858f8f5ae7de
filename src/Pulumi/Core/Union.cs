using System.Diagnostics.CodeAnalysis;

namespace Pulumi;

/// <summary>A value that is of one of two types.</summary>
/// <typeparam name="T0">The one type.</typeparam>
/// <typeparam name="T1">The other type.</typeparam>
public readonly struct Union<T0, T1> : IUnion, IEquatable<Union<T0, T1>>
{
    private readonly T0 _first;
    private readonly T1 _second;

    private Union(T0 first, T1 second, bool isSecond) => (_first, _second, IsT1) = (first, second, isSecond);

    /// <summary>It is of the first type.</summary>
    public bool IsT0 => !IsT1;

    /// <summary>It is of the second type.</summary>
    public bool IsT1 { get; }

    /// <summary>The value as the first type.</summary>
    /// <exception cref="InvalidOperationException">It is of the second type.</exception>
    public T0 AsT0 => IsT0 ? _first : throw new InvalidOperationException($"The value is a {typeof(T1).Name}, not a {typeof(T0).Name}.");

    /// <summary>The value as the second type.</summary>
    /// <exception cref="InvalidOperationException">It is of the first type.</exception>
    public T1 AsT1 => IsT1 ? _second : throw new InvalidOperationException($"The value is a {typeof(T0).Name}, not a {typeof(T1).Name}.");

    /// <summary>The value, whatever it is.</summary>
    public object Value => (IsT0 ? _first : (object?)_second)!;

    public static implicit operator Union<T0, T1>(T0 value) => FromT0(value);

    public static implicit operator Union<T0, T1>(T1 value) => FromT1(value);

    public static bool operator ==(Union<T0, T1> left, Union<T0, T1> right) => left.Equals(right);

    public static bool operator !=(Union<T0, T1> left, Union<T0, T1> right) => !left.Equals(right);

    /// <summary>A value of the first type.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "The official package has it here.")]
    public static Union<T0, T1> FromT0(T0 input) => new(input, default!, isSecond: false);

    /// <summary>A value of the second type.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "The official package has it here.")]
    public static Union<T0, T1> FromT1(T1 input) => new(default!, input, isSecond: true);

    /// <summary>What the function for the value's type makes of it.</summary>
    public TResult Match<TResult>(Func<T0, TResult> f0, Func<T1, TResult> f1)
    {
        ArgumentNullException.ThrowIfNull(f0);
        ArgumentNullException.ThrowIfNull(f1);
        return IsT0 ? f0(_first) : f1(_second);
    }

    /// <summary>Calls the action for the value's type.</summary>
    public void Switch(Action<T0> f0, Action<T1> f1)
    {
        ArgumentNullException.ThrowIfNull(f0);
        ArgumentNullException.ThrowIfNull(f1);
        if (IsT0)
        {
            f0(_first);
        }
        else
        {
            f1(_second);
        }
    }

    /// <summary>Another union, with a value of the first type changed.</summary>
    public Union<TResult, T1> MapT0<TResult>(Func<T0, TResult> mapFunc) => Bimap(mapFunc, second => second);

    /// <summary>Another union, with a value of the second type changed.</summary>
    public Union<T0, TResult> MapT1<TResult>(Func<T1, TResult> mapFunc) => Bimap(first => first, mapFunc);

    /// <summary>Another union, with the value changed.</summary>
    public Union<TResult0, TResult1> Bimap<TResult0, TResult1>(Func<T0, TResult0> mapFunc0, Func<T1, TResult1> mapFunc1)
    {
        ArgumentNullException.ThrowIfNull(mapFunc0);
        ArgumentNullException.ThrowIfNull(mapFunc1);
        return IsT0 ? Union<TResult0, TResult1>.FromT0(mapFunc0(_first)) : Union<TResult0, TResult1>.FromT1(mapFunc1(_second));
    }

    /// <summary>The value as the first type, or else as the second.</summary>
    public bool TryPickT0(out T0 value, out T1 remainder)
    {
        (value, remainder) = (_first, _second);
        return IsT0;
    }

    /// <summary>The value as the second type, or else as the first.</summary>
    public bool TryPickT1(out T1 value, out T0 remainder)
    {
        (value, remainder) = (_second, _first);
        return IsT1;
    }

    /// <inheritdoc/>
    public bool Equals(Union<T0, T1> other) => IsT1 == other.IsT1 && Equals(Value, other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Union<T0, T1> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsT1, Value);

    /// <inheritdoc/>
    public override string ToString() => $"{(IsT0 ? typeof(T0) : typeof(T1)).FullName}: {Value}";
}

/// <summary>A union whose types are known at run time only.</summary>
internal interface IUnion
{
    object? Value { get; }
}
