namespace Pulumi.Wire;

/// <summary>The answers of functions, which may say what they were given.</summary>
public static class SecretAnswers
{
    /// <summary>The answer as it may be told: with a secret among the arguments all of it is one, but for what was given in clear and is given back.</summary>
    /// <param name="answer">What the function returned.</param>
    /// <param name="arguments">What it was given.</param>
    public static PropertyMap Mark(PropertyMap answer, PropertyMap arguments)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Values.Any(PropertyValueExtensions.ContainsSecrets)
            ? PropertyMap.Of(answer.Select(property => KeyValuePair.Create(property.Key, Mark(property.Key, property.Value, arguments))))
            : answer;
    }

    private static PropertyValue Mark(string name, PropertyValue value, PropertyMap arguments)
    {
        var isGiven = arguments.TryGetValue(name, out var given) && !given.ContainsSecrets() && given.Equals(value);
        return isGiven || value is PropertyValue.Secret or PropertyValue.Unknown or PropertyValue.Null ? value : new PropertyValue.Secret(value);
    }
}
