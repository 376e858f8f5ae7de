using System.Collections.Immutable;
using System.Text;
using Provisioner.Engine.Projects;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>The inputs of provider resources: the package's configuration, and beside it what the engine keeps there for itself.</summary>
internal static class ProviderInputs
{
    private const string Internal = "__internal";
    private const string VersionKey = "version";
    private const string UrlKey = "pluginDownloadURL";

    /// <summary>Without the engine's own part: what the provider gets.</summary>
    public static PropertyMap ForProvider(PropertyMap inputs) => inputs.Without(Internal);

    /// <summary>With the engine's own part, if it was there.</summary>
    public static PropertyMap WithInternal(PropertyMap inputs, PropertyMap from) =>
        from.TryGetValue(Internal, out var own) ? inputs.With(Internal, own) : inputs;

    /// <summary>The plugin's version, or empty for any.</summary>
    public static string Version(PropertyMap inputs) =>
        inputs.TryGetValue(VersionKey, out var version) && version.TryGetText(out var text) ? text : string.Empty;

    /// <summary>The inputs of the provider that resources get that name none: what the stack's configuration has for the package, as texts.</summary>
    public static PropertyMap Default(PackageRequest package, ImmutableSortedDictionary<ConfigKey, ConfigValue> config)
    {
        var inputs = PropertyMap.Of(config
            .Where(entry => entry.Key.Namespace == package.Name)
            .Select(entry => KeyValuePair.Create(entry.Key.Name, entry.Value.IsSecret ? new PropertyValue.Secret(entry.Value.Text) : (PropertyValue)entry.Value.Text)));
        if (package.Version.Length > 0)
        {
            inputs = inputs.With(VersionKey, package.Version);
        }

        var own = package.Url.Length > 0 ? PropertyMap.Of((UrlKey, package.Url)) : PropertyMap.Empty;
        return inputs.With(Internal, new PropertyValue.Object(own));
    }

    /// <summary>The name of such a provider: <c>default_1_2_3</c>.</summary>
    public static string DefaultName(PackageRequest package)
    {
        var name = new StringBuilder("default");
        foreach (var part in ((string[])[.. package.Version.Split('.', '-', '+'), package.Url]).Where(part => part.Length > 0))
        {
            name.Append('_').Append(part);
        }

        return name.ToString();
    }
}

/// <summary>A package as a program asks for it.</summary>
/// <param name="Version">Semantic version, or empty for any.</param>
/// <param name="Url">Where its plugin is to be had, or empty.</param>
internal sealed record PackageRequest(string Name, string Version, string Url);
