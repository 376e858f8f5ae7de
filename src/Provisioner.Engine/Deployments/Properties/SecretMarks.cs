using System.Collections.Immutable;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Properties;

/// <summary>Keeps secrets marked as such through ends that do not know them.</summary>
internal static class SecretMarks
{
    /// <summary>Marks again what a provider gave back in clear: every value that was secret in the same place of what it was given.</summary>
    public static PropertyMap Restore(PropertyMap values, PropertyMap given)
    {
        foreach (var (key, before) in given)
        {
            if (values.TryGetValue(key, out var value))
            {
                values = values.With(key, Restore(value, before));
            }
        }

        return values;
    }

    /// <summary>Marks the outputs that must be secret whatever the provider says: those named by additionalSecretOutputs, and those whose input of the same name is.</summary>
    public static ResourceState Apply(ResourceState state)
    {
        var secretInputs = state.Inputs.Where(input => input.Value is PropertyValue.Secret).Select(input => input.Key);
        var outputs = state.AdditionalSecretOutputs.Concat(secretInputs)
            .Aggregate(state.Outputs, Mark);
        return ReferenceEquals(outputs, state.Outputs) ? state : state with { Outputs = outputs };
    }

    /// <summary>The names in additionalSecretOutputs that cannot be: an id is stored in clear by every engine.</summary>
    public static bool CannotBeSecret(ImmutableArray<string> additionalSecretOutputs) => additionalSecretOutputs.Contains("id");

    private static PropertyMap Mark(PropertyMap outputs, string key) =>
        outputs.TryGetValue(key, out var value) && value is not PropertyValue.Secret ? outputs.With(key, new PropertyValue.Secret(value)) : outputs;

    private static PropertyValue Restore(PropertyValue value, PropertyValue given) => (value, given) switch
    {
        (PropertyValue.Secret, _) => value,
        (_, PropertyValue.Secret) => new PropertyValue.Secret(value),
        (PropertyValue.Object map, PropertyValue.Object before) => new PropertyValue.Object(Restore(map.Properties, before.Properties)),
        (PropertyValue.Array list, PropertyValue.Array before) => new PropertyValue.Array(
            [.. list.Items.Select((item, index) => index < before.Items.Length ? Restore(item, before.Items[index]) : item)]),
        _ => value,
    };
}
