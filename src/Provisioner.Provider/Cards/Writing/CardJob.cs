namespace Provisioner.Provider.Cards.Writing;

/// <summary>What a written card is, told by the writer.</summary>
/// <param name="Bytes">The length of the image, decompressed and filled up to whole blocks.</param>
/// <param name="ContentDigest">XXH128 of all but the identity card, as it stands on the card.</param>
internal sealed record WrittenCard(long Bytes, string ContentDigest);

/// <summary>A moment of the work.</summary>
/// <param name="Phase">Such as "writing".</param>
/// <param name="Number">Which of the phases it is.</param>
/// <param name="Of">How many there are.</param>
/// <param name="Done">Bytes of the card.</param>
/// <param name="Share">How much of this phase is done, 0 to 1; null when that cannot be known.</param>
internal sealed record CardMoment(string Phase, int Number, int Of, long Done, double? Share);
