using System.Collections.Immutable;
using Pulumi.Wire;

namespace Pulumi.Serialization;

/// <summary>The outputs of one resource that the engine's answer fills.</summary>
internal sealed class OutputSources
{
    private readonly ImmutableArray<(string Name, OutputSource Source)> _sources;

    private OutputSources(ImmutableArray<(string Name, OutputSource Source)> sources) => _sources = sources;

    /// <summary>None, for a resource that is registered elsewhere.</summary>
    public static OutputSources None { get; } = new([]);

    /// <summary>Sets every [Output] property of the resource to an output that is not settled yet.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="fillAll">False for a component of this program: it sets its outputs itself, all but the URN.</param>
    public static OutputSources Attach(Resource resource, bool fillAll) => new(
    [
        .. from slot in OutputSlot.Of(resource.GetType())
           where fillAll || slot.Property.DeclaringType == typeof(Resource)
           select (slot.Name, slot.Attach(resource)),
    ]);

    /// <summary>Settles all outputs with what the engine answered.</summary>
    public void Settle(RegisteredResource answer, OutputReader reader)
    {
        foreach (var (name, source) in _sources)
        {
            source.Settle(name switch
            {
                "urn" => Plain(answer.Urn),
                "id" => Plain(answer.Id),
                _ when answer.Properties.TryGetValue(name, out var value) =>
                    reader.Read(value, source.ValueType, name, answer.Dependencies.GetValueOrDefault(name, [])),
                _ => answer.MissingAreUnknown ? OutputData<object?>.Unknown(isSecret: false, []) : OutputData<object?>.Plain(null),
            });
        }
    }

    public void Fail(Exception exception)
    {
        foreach (var (_, source) in _sources)
        {
            source.Fail(exception);
        }
    }

    private static OutputData<object?> Plain(string text) => text.Length == 0 || Signatures.UnknownOf(text) is not null
        ? OutputData<object?>.Unknown(isSecret: false, [])
        : OutputData<object?>.Plain(text);
}

/// <summary>What the engine answered about a resource.</summary>
/// <param name="Urn">Its URN.</param>
/// <param name="Id">Its id; empty for a component, and while it is not known.</param>
/// <param name="Properties">Its outputs.</param>
/// <param name="Dependencies">For each output the resources that it comes from, where the engine knows.</param>
/// <param name="MissingAreUnknown">Whether an output that is not in the answer is still to come.</param>
internal sealed record RegisteredResource(
    string Urn,
    string Id,
    PropertyMap Properties,
    ImmutableDictionary<string, ImmutableHashSet<Resource>> Dependencies,
    bool MissingAreUnknown);
