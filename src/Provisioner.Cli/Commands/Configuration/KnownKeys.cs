using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Provisioner.Engine;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Configuration;

/// <summary>The keys of a namespace and which of them are secret: the project's by Pulumi.yaml, a package's by its provider's schema.</summary>
/// <param name="Says">Who declares them, for messages.</param>
/// <param name="Keys">Each key's name, and whether it is secret; null where nobody says what keys there are.</param>
internal sealed record KnownKeys(string Says, IReadOnlyDictionary<string, bool>? Keys)
{
    // Letters that are missing, doubled, swapped or wrong.
    private const int Slips = 2;

    /// <param name="onActivity">Told what takes a while, such as building the provider.</param>
    /// <param name="onTrouble">Told why a provider could not be asked.</param>
    public static async Task<KnownKeys> OfAsync(Project project, string space, Action<string> onActivity, Action<string> onTrouble, CancellationToken cancellationToken)
    {
        var declared = project.Config.Where(entry => entry.Key.Namespace == space).ToDictionary(entry => entry.Key.Name, entry => entry.Value.IsSecret, StringComparer.Ordinal);
        if (space == project.Name || project.Providers.All(provider => provider.Name != space))
        {
            return new KnownKeys("the project", declared.Count == 0 ? null : declared);
        }

        try
        {
            var schema = await DeploymentEngine.FindSchemaAsync(project, space, onActivity, cancellationToken);
            return new KnownKeys($"the provider {space}", schema is null ? null : Variables(schema));
        }
        catch (EngineException exception)
        {
            onTrouble($"the provider {space} could not be asked which of its values are secret: {exception.Message}");
            return new KnownKeys($"the provider {space}", null);
        }
    }

    /// <summary>Whether the key is one, and secret.</summary>
    public bool IsSecret(string name) => Keys is not null && Keys.TryGetValue(name, out var secret) && secret;

    /// <summary>Whether there is a list of keys, and this is none of them.</summary>
    public bool IsUnknown(string name) => Keys is not null && !Keys.ContainsKey(name);

    /// <summary>The secret key that a name is a slip of the fingers away from, or null.</summary>
    public string? SecretMeantBy(string name) =>
        Keys?.Where(key => key.Value).Select(key => key.Key).FirstOrDefault(key => Suggestion.Distance(name.ToUpperInvariant(), key.ToUpperInvariant()) <= Slips);

    private static Dictionary<string, bool>? Variables(string schema)
    {
        try
        {
            return JObject.Parse(schema).SelectToken("config.variables") is JObject variables
                ? variables.Properties().ToDictionary(variable => variable.Name, variable => variable.Value is JObject about && about.Value<bool?>("secret") == true, StringComparer.Ordinal)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
