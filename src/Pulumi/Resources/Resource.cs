using System.Collections.Immutable;
using Pulumi.Runtime;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>Something that the engine keeps track of. It is registered as soon as it is constructed.</summary>
public class Resource
{
    private readonly string _type;
    private readonly string _name;
    private readonly HashSet<Resource> _children = [];
    private readonly ImmutableDictionary<string, ProviderResource> _providers = ImmutableDictionary<string, ProviderResource>.Empty;
    private readonly ImmutableArray<ResourceTransformation> _transformations = [];
    private readonly bool? _protect;

    /// <exception cref="ArgumentException">The type or the name is empty.</exception>
    /// <exception cref="InvalidOperationException">No deployment is running, or an [Output] property has a type that outputs cannot have.</exception>
    private protected Resource(string type, string name, bool custom, ResourceArgs args, ResourceOptions options, bool remote)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentException.ThrowIfNullOrEmpty(name);
        _type = type;
        _name = name;
        var run = ProgramRun.Required;
        Sources = OutputSources.Attach(this, fillAll: custom || remote || options.Urn is not null);

        // The engine's answer comes later; what the program does to its options until then must not count.
        options = options.Clone();
        var parent = options.Parent;
        _transformations = [.. options.ResourceTransformations, .. (parent ?? run.StackOrNone)?._transformations ?? []];
        foreach (var transform in _transformations)
        {
            if (transform(new ResourceTransformationArgs(this, args, options)) is { } transformed)
            {
                (args, options) = transformed.Options.Parent == parent ? (transformed.Args, transformed.Options) : throw new ArgumentException(
                    $"A transformation gave {Label} another parent, which cannot be: the transformations that apply depend on it.");
            }
        }

        Parent = parent;
        if (Parent is not null)
        {
            Parent.Adopt(this);
            options.Protect ??= Parent._protect;
            _providers = Parent._providers;
        }

        if (custom)
        {
            options.Provider ??= Parent?.GetProvider(type);
            _providers = options.Provider is { } own && Package(type) is { } package ? _providers.SetItem(package, own) : _providers;
        }
        else
        {
            _providers = _providers.SetItems(ComponentProviders(options).Select(provider => KeyValuePair.Create(provider.Package, provider)));
        }

        _protect = options.Protect;
        run.Registrar.Start(this, args, options, remote);
    }

    /// <summary>A stand-in for a resource that is registered elsewhere.</summary>
    private protected Resource(string type, string name)
    {
        _type = type;
        _name = name;
        Sources = OutputSources.None;
    }

    /// <summary>The name by which the engine knows the resource in all the stack; known in previews too.</summary>
    [Output("urn")]
    public Output<string> Urn { get; private protected set; } = null!;

    internal OutputSources Sources { get; }

    internal Resource? Parent { get; }

    /// <summary>"name (type)", for messages.</summary>
    internal string Label => $"'{_name}' ({_type})";

    /// <summary>The type's token, such as <c>command:local:Command</c>.</summary>
    public string GetResourceType() => _type;

    /// <summary>The name that the program gave it.</summary>
    public string GetResourceName() => _name;

    internal ImmutableArray<Resource> Children()
    {
        lock (_children)
        {
            return [.. _children];
        }
    }

    /// <summary>The provider that this resource hands down to children of a type.</summary>
    internal ProviderResource? GetProvider(string type) => Package(type) is { } package ? _providers.GetValueOrDefault(package) : null;

    private static string? Package(string type) => type.Split(':') is [var package, _, _] ? package : null;

    private static List<ProviderResource> ComponentProviders(ResourceOptions options)
    {
        var several = (options as ComponentResourceOptions)?.Providers ?? [];
        return options.Provider is null ? several
            : several.Count == 0 ? [options.Provider]
            : throw new ResourceException("A component takes either the option Provider or the option Providers, not both.", options.Parent);
    }

    private void Adopt(Resource child)
    {
        lock (_children)
        {
            _children.Add(child);
        }
    }
}
