using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>The inputs of a resource, before and besides any look at what is there.</summary>
internal static class Inputs
{
    /// <summary>With defaults and secret marks, and what is wrong with them as far as they are known.</summary>
    public static CheckResult Check<TArgs>(PropertyMap news, ImmutableArray<Rule<TArgs>> rules)
        where TArgs : class
    {
        var decoded = RecordDecoder.Decode<TArgs>(news);
        return new CheckResult(InputDefaults.Complete(typeof(TArgs), news), RuleCheck.Failures(rules, decoded));
    }

    /// <summary>The inputs, all of them known.</summary>
    /// <param name="handler">The resource's kind.</param>
    /// <exception cref="InputInvalidException">They do not fit, or one is not known.</exception>
    public static TArgs Require<TArgs>(IResourceHandler handler, PropertyMap inputs, IOperationContext context)
        where TArgs : class
    {
        var decoded = RecordDecoder.Decode<TArgs>(inputs);
        return decoded.IsComplete
            ? decoded.Value
            : throw new InputInvalidException(
                $"{handler.Name} {context.Name} has inputs that do not fit",
                decoded.Failures.AddRange(decoded.Unknown.Select(name => new PropertyFailure(RecordShape.Of(typeof(TArgs)).WireNameOf(name), "is not known"))));
    }

    /// <summary>The state, which must be one of ours.</summary>
    /// <exception cref="StateUnreadableException">It is not.</exception>
    public static TState State<TState>(IResourceHandler handler, PropertyMap olds, IOperationContext context)
        where TState : class
    {
        var state = RecordDecoder.Decode<TState>(olds, Reading.Stored);
        return state.IsComplete
            ? state.Value
            : throw new StateUnreadableException($"The state of {handler.Name} {context.Name} cannot be read")
            {
                Why = string.Join('\n', state.Failures.Select(failure => failure.ToString()).Concat(state.Unknown.Select(name => $"{name} is not known"))),
                Next = "refresh it: ./provision refresh, or pulumi refresh",
            };
    }

    /// <summary>The differences between inputs. That something is secret now, or no longer, is none; nor is another file with the same content.</summary>
    public static ImmutableArray<PropertyChange> Changes(PropertyMap olds, PropertyMap news) =>
        [.. Differing(olds, news, string.Empty).Select(pair => Change(pair.Path, pair.Old, pair.New))];

    /// <summary>
    /// What the program asks for that differs from what it asked for last time, by path and as deep as maps go. A default that is new, and an
    /// input that there is no more, are none; nor are permissions.
    /// </summary>
    public static ImmutableArray<PropertyChange> Programmed(Type argsType, PropertyMap olds, PropertyMap news)
    {
        var shape = RecordShape.Of(argsType);
        return [.. Compare(InputDefaults.Complete(argsType, olds), news, string.Empty).Where(change => shape.Find(PropertyPath.Root(change.Path)) is { IsPermission: false })];
    }

    /// <summary>The changes, without the reason "on the device" where the program changed it, and the device had not when it was read.</summary>
    /// <param name="changes">A plan's, made from a look with the new inputs.</param>
    /// <param name="programmed">What the program changed.</param>
    /// <param name="olds">The outputs of the last read, with the inputs of last time.</param>
    public static ImmutableArray<PropertyChange> Reasons(ImmutableArray<PropertyChange> changes, ImmutableArray<PropertyChange> programmed, PropertyMap olds)
    {
        var drift = olds.TryGetValue("drift", out var value) && value.Unwrap() is PropertyValue.Object map ? map.Properties : PropertyMap.Empty;
        return [.. changes.Select(change => change.IsDrift && !drift.ContainsKey(change.Path) && programmed.Any(other => PropertyPath.Touch(other.Path, change.Path))
            ? change with { Because = null }
            : change)];
    }

    private static IEnumerable<PropertyChange> Compare(PropertyMap olds, PropertyMap news, string below) =>
        Differing(olds, news, below).SelectMany(pair => (pair.Old, pair.New) is (PropertyValue.Object old, PropertyValue.Object wanted)
            ? Compare(old.Properties, wanted.Properties, pair.Path)
            : [Change(pair.Path, pair.Old, pair.New)]);

    private static IEnumerable<(string Path, PropertyValue? Old, PropertyValue? New)> Differing(PropertyMap olds, PropertyMap news, string below) =>
        olds.Keys.Union(news.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => (Path: PropertyPath.Append(below, name), Old: Given(olds, name), New: Given(news, name)))
            .Where(pair => !Equals(pair.Old, pair.New));

    private static PropertyChange Change(string path, PropertyValue? old, PropertyValue? wanted) =>
        new(path, old is null ? ChangeKind.Add : wanted is null ? ChangeKind.Delete : ChangeKind.Update);

    private static PropertyValue? Given(PropertyMap map, string name) =>
        map.TryGetValue(name, out var value) && value.Unwrap() is var plain and not PropertyValue.Null ? ByContent(plain) : null;

    /// <summary>Engines send files of the past by their hashes only.</summary>
    private static PropertyValue ByContent(PropertyValue value) => value switch
    {
        PropertyValue.Asset { Hash.Length: > 0 } asset => asset with { Source = null },
        PropertyValue.Archive { Hash.Length: > 0 } archive => archive with { Source = null },
        PropertyValue.Array array => new PropertyValue.Array([.. array.Items.Select(ByContent)]),
        PropertyValue.Object map => new PropertyValue.Object(PropertyMap.Of(map.Properties.Select(entry => KeyValuePair.Create(entry.Key, ByContent(entry.Value))))),
        _ => value,
    };
}
