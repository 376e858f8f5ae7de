using System.Collections.Immutable;
using Newtonsoft.Json.Linq;

namespace Provisioner.Engine.State;

/// <summary>What stands in a state file around its resources and is not known here; it is written back as it was.</summary>
internal sealed record StateEnvelope(
    ImmutableSortedDictionary<string, JToken> Checkpoint,
    ImmutableSortedDictionary<string, JToken> Deployment,
    ImmutableSortedDictionary<string, JToken> Manifest)
{
    private static readonly ImmutableSortedDictionary<string, JToken> Nothing = ImmutableSortedDictionary.Create<string, JToken>(StringComparer.Ordinal);

    public static StateEnvelope Empty { get; } = new(Nothing, Nothing, Nothing);

    public static ImmutableSortedDictionary<string, JToken> Rest(JObject? json, params string[] known) =>
        json is null
            ? Nothing
            : json.Properties().Where(property => !known.Contains(property.Name, StringComparer.Ordinal))
                .ToImmutableSortedDictionary(property => property.Name, property => property.Value.DeepClone(), StringComparer.Ordinal);
}
