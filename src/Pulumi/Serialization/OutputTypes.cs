using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;

namespace Pulumi.Serialization;

/// <summary>Which types an output may have, and how the structured ones are made.</summary>
internal static class OutputTypes
{
    private const string Allowed =
        "Allowed are string, bool, int, double, object, enums, JsonElement, assets and archives, resources, ImmutableArray<T>, "
        + "ImmutableDictionary<string, T>, nullable ones of these, unions of two of these, structs with [EnumType] and classes with [OutputType].";

    /// <exception cref="InvalidOperationException">The type, or one inside it, is none that outputs may have.</exception>
    public static void Check(string label, Type type) => Check(label, type, []);

    /// <summary>The constructor with [OutputConstructor], else the only public one.</summary>
    public static ConstructorInfo? Constructor(Type type)
    {
        var constructors = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        return constructors.FirstOrDefault(constructor => constructor.IsDefined(typeof(OutputConstructorAttribute)))
            ?? (constructors.Where(constructor => constructor.IsPublic).ToArray() is [var only] ? only : null);
    }

    /// <summary>The property on the wire that a constructor's parameter takes.</summary>
    public static string WireName(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<OutputConstructorParameterAttribute>()?.Name ?? parameter.Name!;

    /// <summary>The constructor of a struct with [EnumType] that takes its text or number.</summary>
    public static ConstructorInfo? EnumConstructor(Type type, Type valueType) =>
        type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [valueType]);

    /// <summary>The conversion of a struct with [EnumType] back to its text or number.</summary>
    public static MethodInfo? EnumConversion(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Static).FirstOrDefault(method =>
        method.Name == "op_Explicit" && (method.ReturnType == typeof(string) || method.ReturnType == typeof(double)));

    /// <summary>Whether a type is a union of two.</summary>
    public static bool IsUnion(Type type) => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(Union<,>);

    private static void Check(string label, Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type) || IsLeaf(type))
        {
            return;
        }

        if (ElementType(type) is { } element)
        {
            Check(label, element, seen);
        }
        else if (IsUnion(type))
        {
            Check(label, type.GenericTypeArguments[0], seen);
            Check(label, type.GenericTypeArguments[1], seen);
        }
        else if (type.IsDefined(typeof(OutputTypeAttribute)))
        {
            var constructor = Constructor(type) ?? throw new InvalidOperationException(
                $"{label} is of the type {type.Name}, which has [OutputType] but no constructor with [OutputConstructor].");
            foreach (var parameter in constructor.GetParameters())
            {
                Check(label, parameter.ParameterType, seen);
            }
        }
        else
        {
            throw new InvalidOperationException($"{label} holds the type {type.Name}, which outputs cannot have. {Allowed}");
        }
    }

    private static bool IsLeaf(Type type) =>
        type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(double) || type == typeof(object)
        || type == typeof(JsonElement) || type == typeof(Asset) || type == typeof(Archive) || type == typeof(AssetOrArchive)
        || typeof(Resource).IsAssignableFrom(type)
        || (type.IsEnum && type.GetEnumUnderlyingType() == typeof(int))
        || (type.IsValueType && type.IsDefined(typeof(EnumTypeAttribute)) && EnumConversion(type) is { } conversion
            && EnumConstructor(type, conversion.ReturnType) is not null);

    private static Type? ElementType(Type type)
    {
        if (!type.IsConstructedGenericType)
        {
            return null;
        }

        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(Nullable<>) || definition == typeof(ImmutableArray<>) ? type.GenericTypeArguments[0]
            : definition == typeof(ImmutableDictionary<,>) && type.GenericTypeArguments[0] == typeof(string) ? type.GenericTypeArguments[1]
            : null;
    }
}
