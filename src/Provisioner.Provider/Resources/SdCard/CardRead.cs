using System.Globalization;
using Provisioner.Provider.Cards;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>What a card's own bytes say, for disks and files alike.</summary>
internal static class CardRead
{
    private const int DigestDigits = 12;

    /// <summary>Fills in what the card says of itself.</summary>
    /// <param name="found">What is known of where it is.</param>
    /// <param name="contents">Its beginning.</param>
    /// <param name="digestKey">The key of the identity's digest.</param>
    /// <param name="isBlank">Whether nothing is on it, as far as was looked.</param>
    /// <param name="isBare">Whether it has neither a partition table nor a signature of anything; a card that we began and did not finish has none.</param>
    public static CardFound With(CardFound found, CardContents contents, string digestKey, bool isBlank, bool isBare)
    {
        var identity = contents.Archive is { } archive ? CardArchive.Digest(digestKey, archive) : "";
        var presence = contents.Condition switch
        {
            CardCondition.Unfinished when isBare => CardPresence.Unfinished,
            CardCondition.IdentityUnfinished when contents.Stamp is not null => CardPresence.IdentityUnfinished,
            CardCondition.Bootable when contents.Stamp is not null => CardPresence.Card,
            _ => isBlank ? CardPresence.Nothing : CardPresence.Other,
        };
        return found with
        {
            Presence = presence,
            ImageSha256 = contents.Stamp?.Image ?? "",
            ImageBytes = contents.Stamp?.Bytes ?? 0,
            IdentityDigest = identity,
            IdentityErased = contents.Archive is not null && CardArchive.IsErased(contents.Archive),
            Losses = presence is CardPresence.Card ? [.. found.Losses, Whose(contents)] : found.Losses,
        };
    }

    private static string Whose(CardContents contents)
    {
        var summary = CardSummary.Of(contents);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"the card of {summary.Hostname ?? "nobody"}{(summary.Fingerprint is null ? "" : $", host key {summary.Fingerprint}")}, made from the image {summary.ImageSha256?[..DigestDigits]}…");
    }
}
