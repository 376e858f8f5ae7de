using Newtonsoft.Json.Linq;

namespace Provisioner.Engine.State;

/// <summary>
/// States of the versions 1 and 2 as if they had been written by version 3, as Pulumi itself reads them (its <c>apitype/migrate</c>):
/// resources lose <c>defaults</c>, belong to no provider resource where they name none, and each input depends on all that its resource
/// depends on. The oldest files have no version at all: they are a checkpoint and nothing around it.
/// </summary>
internal static class StateMigration
{
    private const int Target = 3;

    /// <summary>The same state in version 3; a file of another version, or none of these, as it is.</summary>
    public static JObject UpToDate(JObject root) => root["version"] switch
    {
        null when root["checkpoint"] is null && root["latest"] is JObject => Migrated(new JObject { ["checkpoint"] = root.DeepClone() }, from: 1),
        { Type: JTokenType.Integer } version when StateJson.WholeOf(version) is 1 or 2 => Migrated((JObject)root.DeepClone(), StateJson.WholeOf(version)!.Value),
        _ => root,
    };

    private static JObject Migrated(JObject root, int from)
    {
        root["version"] = Target;
        if (root["checkpoint"]?["latest"] is not JObject deployment)
        {
            return root;
        }

        foreach (var resource in Resources(deployment))
        {
            if (from == 1)
            {
                resource.Remove("defaults");
                resource.Remove("external");
                resource.Remove("provider");
            }

            var dependencies = resource["dependencies"] as JArray ?? [];
            resource["propertyDependencies"] = resource["inputs"] is JObject inputs
                ? new JObject(inputs.Properties().Select(input => new JProperty(input.Name, dependencies.DeepClone())))
                : new JObject();
        }

        return root;
    }

    private static IEnumerable<JObject> Resources(JObject deployment)
    {
        var resources = deployment["resources"] as JArray ?? [];
        var pending = deployment["pending_operations"] as JArray ?? [];
        return resources.Concat(pending.OfType<JObject>().Select(operation => operation["resource"])).OfType<JObject>();
    }
}
