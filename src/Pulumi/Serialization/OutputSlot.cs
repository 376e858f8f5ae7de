using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>An [Output] property of a resource class, looked up and checked once for each class.</summary>
internal sealed record OutputSlot(string Name, PropertyInfo Property, ConstructorInfo Source)
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<OutputSlot>> Known = new();

    /// <exception cref="InvalidOperationException">A property cannot be set, or is of a type that outputs cannot have.</exception>
    public static ImmutableArray<OutputSlot> Of(Type resourceType) => Known.GetOrAdd(resourceType, Find);

    public OutputSource Attach(Resource resource)
    {
        var source = (OutputSource)Source.Invoke([resource]);
        Property.SetValue(resource, source.Output);
        return source;
    }

    private static ImmutableArray<OutputSlot> Find(Type resourceType) =>
    [
        .. from property in resourceType.GetProperties(BindingFlags.Instance | BindingFlags.Public)
           let attribute = property.GetCustomAttribute<OutputAttribute>()
           where attribute is not null
           select Make(resourceType, property, attribute.Name ?? property.Name),
    ];

    private static OutputSlot Make(Type resourceType, PropertyInfo property, string name)
    {
        var label = $"The [Output] property {resourceType.Name}.{property.Name}";
        if (!property.PropertyType.IsConstructedGenericType || property.PropertyType.GetGenericTypeDefinition() != typeof(Output<>))
        {
            throw new InvalidOperationException($"{label} must be of a type Output<T>, not {property.PropertyType.Name}.");
        }

        // A private setter is visible through the class that declares it only.
        var declared = property.DeclaringType!.GetProperty(property.Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)!;
        if (declared.SetMethod is null)
        {
            throw new InvalidOperationException($"{label} must have a setter, which may be private.");
        }

        var valueType = property.PropertyType.GenericTypeArguments[0];
        if (!typeof(ComponentResource).IsAssignableFrom(resourceType))
        {
            OutputTypes.Check(label, valueType);
        }

        return new OutputSlot(name, declared, typeof(OutputSource<>).MakeGenericType(valueType).GetConstructors().Single());
    }
}
