using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>The [Output] properties that a component's or stack's own class gives out.</summary>
internal static class OutputProperties
{
    /// <summary>Their values by name; properties of the SDK's own classes, such as Urn, are left out.</summary>
    public static Dictionary<string, object?> Of(ComponentResource component) =>
        (from property in component.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public)
         where property.DeclaringType!.Assembly != typeof(Resource).Assembly
         let attribute = property.GetCustomAttribute<OutputAttribute>()
         where attribute is not null
         select KeyValuePair.Create(string.IsNullOrWhiteSpace(attribute.Name) ? property.Name : attribute.Name, property.GetValue(component)))
        .ToDictionary(StringComparer.Ordinal);
}
