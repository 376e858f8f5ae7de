using System.Collections.Immutable;

namespace Provisioner.Provider.Modelling;

/// <summary>Rules applied to what is known.</summary>
internal static class RuleCheck
{
    /// <summary>What is wrong, each with the path of the property to blame: the types, or, where they fit, the rules that are broken.</summary>
    public static ImmutableArray<PropertyFailure> Failures<TArgs>(ImmutableArray<Rule<TArgs>> rules, Decoded<TArgs> decoded)
    {
        if (!decoded.Failures.IsEmpty)
        {
            return decoded.Failures;
        }

        var shape = RecordShape.Of(typeof(TArgs));
        return [.. rules
            .Where(rule => !rule.Properties.Any(decoded.Unknown.Contains))
            .Select(rule => (Path: rule.Properties.IsEmpty ? string.Empty : shape.WireNameOf(rule.Properties[0]), Problem: rule.Problem(decoded.Value)))
            .Where(result => result.Problem is not null)
            .Select(result => new PropertyFailure(result.Path, result.Problem!))];
    }
}
