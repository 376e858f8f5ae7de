using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.FirstBoot;

/// <summary>
/// By what a card is known again: the number that its maker gave it, the id in its partition table, and what its identity partition
/// holds. The first tells cards apart, the second whether it was written anew from another image, the third whether it is still the
/// card of this very machine. It is noted on the SSD when an installation is handed over to it, by the system that runs from the card.
/// </summary>
internal static class CardNote
{
    /// <summary>On the system on the SSD. Only root may read it: whoever saw the digest could try passwords against it.</summary>
    public const string From = "/var/lib/provisioner/card-from";

    /// <summary>Where it is noted how far a card was retired.</summary>
    public const string Retired = "/var/lib/provisioner/card-retired";

    /// <summary>In place of a digest, where there is no identity partition.</summary>
    public const string NoIdentity = "none";

    /// <summary>How much of the identity partition an inspection reads.</summary>
    public const int IdentityBytes = 1 << 20;

    /// <summary>What is noted behind a card's numbers as long as retiring it has not ended.</summary>
    public const string Begun = "begun";

    /// <summary>And from then on. Earlier versions noted the id of the table in front of it, and no number of the card.</summary>
    public const string Everything = "everything";

    /// <summary>Whether the running installation came from this card, as far as the device can prove.</summary>
    /// <param name="from">The note.</param>
    /// <param name="retired">The note of the card that was retired last.</param>
    /// <param name="card">The card's number and the id of its table.</param>
    /// <param name="identity">The digest of its identity partition; null when it was not read.</param>
    public static bool Proves(string? from, string? retired, string card, string? identity) =>
        identity is not null && from is not null
        && (from == $"{card} {identity}"
            || (identity == ContentFacts.Zero && (retired == $"{card} {Begun}" || retired == $"{card} {Everything}") && from.StartsWith(card + " ", StringComparison.Ordinal)));
}
