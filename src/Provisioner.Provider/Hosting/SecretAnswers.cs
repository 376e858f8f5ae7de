using Pulumi.Wire;

namespace Provisioner.Provider.Hosting;

/// <summary>A function may say what it was given: with a secret among its arguments its answer is one, but for what it was given in clear.</summary>
internal static class SecretAnswers
{
    public static PropertyMap Mark(PropertyMap answer, PropertyMap arguments) => arguments.Values.Any(PropertyValueExtensions.ContainsSecrets)
        ? PropertyMap.Of(answer.Select(property => KeyValuePair.Create(
            property.Key, IsGiven(property.Key, property.Value, arguments) || property.Value is PropertyValue.Secret or PropertyValue.Null ? property.Value : new PropertyValue.Secret(property.Value))))
        : answer;

    private static bool IsGiven(string name, PropertyValue value, PropertyMap arguments) => arguments.TryGetValue(name, out var given) && !given.ContainsSecrets() && given.Equals(value);
}
