using System.Collections.Immutable;
using Provisioner.Provider.Remote;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>A package as a plugin serves it: its resources, its functions, and how its configuration is read.</summary>
/// <param name="Name">The first part of its tokens, such as <c>provisioner</c>.</param>
/// <param name="Version">Semantic version.</param>
/// <param name="ConfigType">The record of its configuration.</param>
/// <param name="Read">Its configuration out of what an engine gives, without what every provider has.</param>
internal sealed record ProviderPackage(string Name, string Version, Type ConfigType, Func<PropertyMap, ProviderSettings> Read)
{
    public required IReadOnlyList<IResourceHandler> Handlers { get; init; }

    public IReadOnlyList<IFunctionHandler> Functions { get; init; } = [];

    /// <summary>A package whose configuration is a record.</summary>
    public static ProviderPackage Of<TConfig>(string name, string version, ImmutableArray<Rule<TConfig>> rules, Func<TConfig, RemoteOptions> toOptions, params IReadOnlyList<IResourceHandler> handlers)
        where TConfig : class =>
        new(name, version, typeof(TConfig), given =>
        {
            var decoded = RecordDecoder.Decode<TConfig>(given, Reading.Configuration);
            var failures = RuleCheck.Failures(rules, decoded);
            return new ProviderSettings(failures, failures.IsEmpty && decoded.Unknown.IsEmpty ? toOptions(decoded.Value) : null);
        })
        {
            Handlers = handlers,
        };

    /// <summary>The token of a resource.</summary>
    public string TokenOf(IResourceHandler handler) => $"{Name}:{handler.Module}:{handler.Name}";

    /// <summary>The token of a function.</summary>
    public string TokenOf(IFunctionHandler function) => $"{Name}:{function.Module}:{function.Name}";
}

/// <summary>A configuration that was read.</summary>
/// <param name="Failures">What is wrong with it.</param>
/// <param name="Options">How devices are reached; null as long as it is wrong, or not wholly known.</param>
internal sealed record ProviderSettings(ImmutableArray<PropertyFailure> Failures, RemoteOptions? Options);
