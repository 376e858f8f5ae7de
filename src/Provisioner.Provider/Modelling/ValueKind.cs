using System.Collections.Immutable;
using System.Reflection;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>The types that properties may have.</summary>
internal abstract record ValueKind
{
    private ValueKind()
    {
    }

    /// <summary>The kind of a C# type.</summary>
    /// <exception cref="NotSupportedException">Properties cannot have this type: a mistake in a record.</exception>
    public static ValueKind Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(PropertyValue))
        {
            return new Any();
        }

        if (type == typeof(AssetOrArchive))
        {
            return new Files();
        }

        if (type == typeof(PropertyValue.Archive))
        {
            return new Tree();
        }

        if (type == typeof(string))
        {
            return new Text();
        }

        if (type == typeof(bool))
        {
            return new Truth();
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return new Whole(type);
        }

        if (type == typeof(double))
        {
            return new Fraction();
        }

        if (type.IsEnum)
        {
            return new Choice(type, [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => new ChoiceValue(
                field.GetCustomAttribute<WireNameAttribute>()?.Name ?? WireNames.Camel(field.Name),
                field.GetValue(null)!,
                field.GetCustomAttribute<DocAttribute>()?.Text ?? string.Empty))]);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            return new List(type, type.GenericTypeArguments[0], Of(type.GenericTypeArguments[0]));
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>) && type.GenericTypeArguments[0] == typeof(string))
        {
            return new Map(type, type.GenericTypeArguments[1], Of(type.GenericTypeArguments[1]));
        }

        return type.IsClass && type.GetMethod("<Clone>$") is not null
            ? new Nested(type)
            : throw new NotSupportedException($"{type} is no type of a property: use string, bool, int, long, double, an enum, a record, PropertyValue, AssetOrArchive, ImmutableArray<T> or ImmutableSortedDictionary<string, T>.");
    }

    /// <summary>For people: "a text", "a list of texts".</summary>
    public abstract string Noun { get; }

    /// <summary>Whatever a program gives, as it came.</summary>
    public sealed record Any : ValueKind
    {
        public override string Noun => "any value";
    }

    /// <summary>A file or a tree of files.</summary>
    public sealed record Files : ValueKind
    {
        public override string Noun => "an asset or an archive";
    }

    /// <summary>A tree of files.</summary>
    public sealed record Tree : ValueKind
    {
        public override string Noun => "an archive";
    }

    public sealed record Text : ValueKind
    {
        public override string Noun => "a text";
    }

    public sealed record Truth : ValueKind
    {
        public override string Noun => "true or false";
    }

    /// <summary>int or long.</summary>
    public sealed record Whole(Type Type) : ValueKind
    {
        public override string Noun => "a whole number";
    }

    public sealed record Fraction : ValueKind
    {
        public override string Noun => "a number";
    }

    public sealed record Choice(Type Type, ImmutableArray<ChoiceValue> Values) : ValueKind
    {
        public override string Noun => $"one of {string.Join(", ", Values.Select(value => $"\"{value.WireName}\""))}";
    }

    public sealed record List(Type Type, Type ItemType, ValueKind Item) : ValueKind
    {
        public override string Noun => "a list";
    }

    public sealed record Map(Type Type, Type ItemType, ValueKind Item) : ValueKind
    {
        public override string Noun => "a map";
    }

    public sealed record Nested(Type Type) : ValueKind
    {
        public override string Noun => "a map with the properties of " + Type.Name;
    }
}

/// <summary>A file or a tree of files, as it came.</summary>
/// <param name="Value">A <see cref="PropertyValue.Asset"/> or a <see cref="PropertyValue.Archive"/>.</param>
internal sealed record AssetOrArchive(PropertyValue Value);

/// <summary>One value of an enum.</summary>
internal sealed record ChoiceValue(string WireName, object Value, string Description);

/// <summary>Names on the wire.</summary>
internal static class WireNames
{
    /// <summary><c>KnownHostsFile</c> to <c>knownHostsFile</c>, <c>UUID</c> to <c>uuid</c>, <c>IPAddress</c> to <c>ipAddress</c>.</summary>
    public static string Camel(string name)
    {
        var run = name.TakeWhile(char.IsUpper).Count();
        var lower = run <= 1 ? Math.Min(1, name.Length) : run == name.Length ? run : run - 1;
        return name[..lower].ToLowerInvariant() + name[lower..];
    }
}
