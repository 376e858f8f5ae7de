using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Pulumi.Wire;

namespace Pulumi.Serialization;

/// <summary>
/// Turns values from the wire into the types that a program wants. A value of another type is left out with a warning that
/// names the property and never the value: a newer provider must not break an older program.
/// </summary>
internal sealed class OutputReader(Action<string> warn)
{
    public OutputData<object?> Read(PropertyValue value, Type target, string path, ImmutableHashSet<Resource> dependencies)
    {
        var isSecret = value.ContainsSecrets();
        return value.ContainsUnknowns()
            ? OutputData<object?>.Unknown(isSecret, dependencies)
            : new OutputData<object?>(Convert(value.Unwrap(), target, path), isKnown: true, isSecret, dependencies);
    }

    private object? Convert(PropertyValue value, Type target, string path) => value switch
    {
        PropertyValue.Null => Default(target),
        _ when Nullable.GetUnderlyingType(target) is { } inner => Convert(value, inner, path),
        _ when target == typeof(object) => Plain(value),
        _ when OutputTypes.IsUnion(target) => ConvertUnion(value, target, path),
        _ when target == typeof(JsonElement) => PropertyJson.ToElement(value),
        PropertyValue.String text when target == typeof(string) => text.Value,
        PropertyValue.Boolean boolean when target == typeof(bool) => boolean.Value,
        PropertyValue.Number number when target == typeof(double) => number.Value,
        PropertyValue.Number number when (target == typeof(int) || target.IsEnum) && double.IsInteger(number.Value) && Math.Abs(number.Value) <= int.MaxValue =>
            target.IsEnum ? Enum.ToObject(target, (int)number.Value) : (int)number.Value,
        PropertyValue.Asset or PropertyValue.Archive when AssetOrArchive.FromProperty(value) is { } asset && target.IsInstanceOfType(asset) => asset,
        PropertyValue.ResourceReference reference when target.IsAssignableFrom(typeof(DependencyResource)) =>
            new DependencyResource(reference.Urn, reference.Id),
        PropertyValue.String text when EnumConstructor(target, typeof(string)) is { } constructor => constructor.Invoke([text.Value]),
        PropertyValue.Number number when EnumConstructor(target, typeof(double)) is { } constructor => constructor.Invoke([number.Value]),
        PropertyValue.Array array when Is(target, typeof(ImmutableArray<>)) => ConvertArray(array, target.GenericTypeArguments[0], path),
        PropertyValue.Object map when Is(target, typeof(ImmutableDictionary<,>)) => ConvertMap(map, target.GenericTypeArguments[1], path),
        PropertyValue.Object map when target.IsDefined(typeof(OutputTypeAttribute)) && OutputTypes.Constructor(target) is { } constructor =>
            Construct(map, constructor, path),
        _ => Mismatch(value, target, path),
    };

    private object ConvertArray(PropertyValue.Array array, Type element, string path) =>
        Collections.Of(element).ToImmutableArray(array.Items.Select((item, index) => Convert(item, element, $"{path}[{index}]")));

    private object ConvertMap(PropertyValue.Object map, Type element, string path) => Collections.Of(element).ToImmutableDictionary(
        map.Properties.Select(entry => KeyValuePair.Create(entry.Key, Convert(entry.Value, element, $"{path}.{entry.Key}"))));

    /// <summary>The first of the two types that the value is of.</summary>
    private object? ConvertUnion(PropertyValue value, Type target, string path)
    {
        foreach (var (type, factory) in target.GenericTypeArguments.Zip((string[])[nameof(Union<,>.FromT0), nameof(Union<,>.FromT1)]))
        {
            var fits = true;
            var converted = new OutputReader(_ => fits = false).Convert(value, type, path);
            if (fits)
            {
                return target.GetMethod(factory)!.Invoke(null, [converted]);
            }
        }

        return Mismatch(value, target, path);
    }

    private object Construct(PropertyValue.Object map, ConstructorInfo constructor, string path) => constructor.Invoke(
    [
        .. from parameter in constructor.GetParameters()
           let name = OutputTypes.WireName(parameter)
           let value = map.Properties.GetValueOrDefault(name, PropertyValue.NullValue)
           select Convert(value, parameter.ParameterType, $"{path}.{name}"),
    ]);

    private object? Mismatch(PropertyValue value, Type target, string path)
    {
        warn($"The output \"{path}\" is left out: the engine sent a value of the kind {value.GetType().Name}, and the program wants {target.Name}.");
        return Default(target);
    }

    private static ConstructorInfo? EnumConstructor(Type target, Type valueType) =>
        target.IsValueType && target.IsDefined(typeof(EnumTypeAttribute)) ? OutputTypes.EnumConstructor(target, valueType) : null;

    private static bool Is(Type type, Type definition) => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == definition;

    private static object? Default(Type type) => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;

    /// <summary>A value as an object of the nearest type.</summary>
    private static object? Plain(PropertyValue value) => value switch
    {
        PropertyValue.Null => null,
        PropertyValue.Boolean boolean => boolean.Value,
        PropertyValue.Number number => number.Value,
        PropertyValue.String text => text.Value,
        PropertyValue.Array array => array.Items.Select(Plain).ToImmutableArray(),
        PropertyValue.Object map => map.Properties.ToImmutableDictionary(entry => entry.Key, entry => Plain(entry.Value)),
        PropertyValue.ResourceReference reference => new DependencyResource(reference.Urn, reference.Id),
        _ => AssetOrArchive.FromProperty(value),
    };
}
