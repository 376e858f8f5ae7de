using System.Collections.Immutable;

namespace Provisioner.Provider.Consent;

/// <summary>Something that would be destroyed, described so that a person can agree to just that.</summary>
/// <param name="Kind">One lower-case word that every token of this kind begins with: <c>disk</c>, <c>pool</c>, <c>dataset</c>.</param>
/// <param name="Key">Under which the token is looked for in the <c>consent</c> input: a disk's serial, a pool's GUID, a dataset's name.</param>
/// <param name="Facts">
/// Everything that must stay as it is for the consent to hold; in any order, each once. No kernel name such as sda: those change
/// with every boot.
/// </param>
/// <param name="Losses">What would be lost, for people, each one line.</param>
internal sealed record ConsentSubject(string Kind, string Key, ImmutableArray<ConsentFact> Facts, ImmutableArray<string> Losses);

/// <summary>One fact that a consent is bound to.</summary>
/// <param name="Name">What it is about, such as <c>serial</c> or <c>partition 2</c>.</param>
/// <param name="Value">What is so, for people.</param>
/// <param name="IsIdentity">It says which thing this is; all others say what is on it.</param>
internal sealed record ConsentFact(string Name, string Value, bool IsIdentity = false)
{
    /// <summary>A fact that says which thing this is.</summary>
    public static ConsentFact Identity(string name, string value) => new(name, value, IsIdentity: true);

    public override string ToString() => $"{Name}: {Value}";
}
