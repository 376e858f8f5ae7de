using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>One input: its name on the wire, the value the program gave, and whether the provider wants it as JSON text.</summary>
internal readonly record struct InputValue(string Name, object? Value, bool AsJson);

/// <summary>The fields and properties with [Input] of an arguments class, looked up once for each class.</summary>
internal static class InputMembers
{
    private const BindingFlags Everywhere = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly ConcurrentDictionary<Type, ImmutableArray<Member>> Known = new();

    /// <summary>The inputs as they are now: what is added later to a list or map does not count.</summary>
    /// <exception cref="ArgumentNullException">A required input has no value.</exception>
    public static ImmutableArray<InputValue> Read(InputArgs args) => [.. Known.GetOrAdd(args.GetType(), Find).Select(member =>
    {
        var value = member.Get(args);
        return value is null && member.Attribute.IsRequired
            ? throw new ArgumentNullException(member.Name, $"{args.GetType().Name}.{member.Name} is required and has no value.")
            : new InputValue(member.Attribute.Name, value is IInput input ? input.ToStructuredOutput() : value, member.Attribute.Json);
    })];

    private static ImmutableArray<Member> Find(Type type) =>
    [
        .. from field in type.GetFields(Everywhere)
           let attribute = field.GetCustomAttribute<InputAttribute>()
           where attribute is not null
           select new Member(field.Name, attribute, field.GetValue),
        .. from property in type.GetProperties(Everywhere)
           let attribute = property.GetCustomAttribute<InputAttribute>()
           where attribute is not null
           select new Member(property.Name, attribute, property.GetValue),
    ];

    private sealed record Member(string Name, InputAttribute Attribute, Func<object?, object?> Get);
}
