using System.Collections.Immutable;

namespace Provisioner.Provider.Modelling;

/// <summary>Something wrong with one property.</summary>
/// <param name="Path">The property's path, such as <c>a.b[0]</c>; empty for the whole resource.</param>
/// <param name="Reason">What is wrong and the way out; never a secret value.</param>
public sealed record PropertyFailure(string Path, string Reason)
{
    public override string ToString() => Path.Length == 0 ? Reason : $"{Path}: {Reason}";
}

/// <summary>
/// A check on desired values that needs no device. It runs only when every property that it names is known, so that a
/// preview finds what can be found although some inputs are not known yet.
/// </summary>
/// <param name="Properties">The top-level properties it reads, by their C# names; the first one is blamed.</param>
/// <param name="Problem">Null when all is well; else what is wrong and the way out, without a secret's value.</param>
internal sealed record Rule<TArgs>(ImmutableArray<string> Properties, Func<TArgs, string?> Problem)
{
    /// <summary>A rule about one property, or about several of which the first is blamed.</summary>
    public static Rule<TArgs> Of(Func<TArgs, string?> problem, params ImmutableArray<string> properties) => new(properties, problem);
}
