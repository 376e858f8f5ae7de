using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Provisioner.Provider.Modelling;

/// <summary>
/// A record as the wire sees it: its properties by their wire names. Required is what the record marks
/// <see langword="required"/>; a default is what a new record holds; null is "not given".
/// </summary>
internal sealed class RecordShape
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Known = new();

    private RecordShape(Type type)
    {
        Type = type;
        Description = type.GetCustomAttribute<DocAttribute>()?.Text ?? string.Empty;
        var blank = Activator.CreateInstance(type)!;
        Properties = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)
            .Select(property => new PropertyShape(property, blank))];
    }

    public Type Type { get; }

    public string Description { get; }

    /// <summary>In the order in which the record declares them.</summary>
    public ImmutableArray<PropertyShape> Properties { get; }

    public static RecordShape Of(Type type) => Known.GetOrAdd(type, static key => new RecordShape(key));

    /// <summary>A record with every property at its default; required ones hold nothing yet.</summary>
    public object Blank() => Activator.CreateInstance(Type)!;

    public PropertyShape? Find(string wireName) => Properties.FirstOrDefault(property => property.WireName == wireName);

    /// <summary>The wire name of a member given by its C# name.</summary>
    /// <exception cref="ArgumentException">The record has no such member: a mistake in a handler.</exception>
    public string WireNameOf(string member) =>
        Properties.FirstOrDefault(property => property.Property.Name == member)?.WireName
            ?? throw new ArgumentException($"{Type.Name} has no property {member}.", nameof(member));
}

/// <summary>One property of a record.</summary>
internal sealed class PropertyShape
{
    private static readonly NullabilityInfoContext Nullability = new();

    public PropertyShape(PropertyInfo property, object blank)
    {
        Property = property;
        WireName = property.GetCustomAttribute<WireNameAttribute>()?.Name ?? WireNames.Camel(property.Name);
        Description = property.GetCustomAttribute<DocAttribute>()?.Text ?? string.Empty;
        IsSecret = property.IsDefined(typeof(SecretAttribute));
        Replaces = property.IsDefined(typeof(ReplacesAttribute));
        IsPermission = property.IsDefined(typeof(PermissionAttribute));
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        Kind = ValueKind.Of(property.PropertyType);
        Default = IsRequired ? null : property.GetValue(blank);
        lock (Nullability)
        {
            IsNullable = Nullability.Create(property).WriteState == NullabilityState.Nullable;
        }
    }

    public PropertyInfo Property { get; }

    public string WireName { get; }

    public string Description { get; }

    public bool IsSecret { get; }

    public bool Replaces { get; }

    /// <summary>See <see cref="PermissionAttribute"/>.</summary>
    public bool IsPermission { get; }

    public bool IsRequired { get; }

    public bool IsNullable { get; }

    public ValueKind Kind { get; }

    /// <summary>What the property holds when it is not given; null for nothing.</summary>
    public object? Default { get; }
}
