using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>What to write.</summary>
internal sealed record SdCardPlan : ResourcePlan
{
    public bool WritesImage { get; init; }

    public bool WritesIdentity { get; init; }
}

/// <summary>Compares a card with what is wanted of it. Pure.</summary>
internal static class SdCardPlanner
{
    private const string Secret = "[secret]";

    public static SdCardPlan Plan(SdCardArgs desired, SdCardState actual)
    {
        var wanted = CardArchive.Digest(actual.DigestKey, CardArchive.Write(desired.IdentityOf()));
        var found = actual.Found;
        var isAway = found.Presence == CardPresence.Away;
        var isCard = isAway ? actual.ImageSha256.Length > 0 : found.Presence is CardPresence.Card or CardPresence.IdentityUnfinished;
        var image = isAway ? actual.ImageSha256 : found.ImageSha256;
        var identity = isAway ? actual.IdentityDigest : found.IdentityDigest;
        // A card is retired by a first boot: its boot files have other names then, and a new identity alone would not make it boot.
        var isRetired = !isAway && isCard && found.IdentityErased;
        var writesImage = !isCard || image != desired.Sha256Of() || isRetired || (!isAway && found.Changed);
        var writesIdentity = writesImage || identity != wanted || found.Presence == CardPresence.IdentityUnfinished;
        ImmutableArray<PropertyChange> changes =
        [
            .. Changes(desired, actual, isCard, image),
            .. writesIdentity && isCard && identity != wanted ? [IdentityChange(desired, actual, isAway)] : ImmutableArray<PropertyChange>.Empty,
        ];
        if (!writesIdentity)
        {
            return new SdCardPlan { Changes = changes };
        }

        return new SdCardPlan
        {
            Changes = changes,
            WritesImage = writesImage,
            WritesIdentity = true,
            Steps = writesImage ? Whole(desired, found) : IdentityOnly(desired, found),
            Refusals = [.. Refusals(desired, actual, writesImage)],
        };
    }

    private static IEnumerable<PropertyChange> Changes(SdCardArgs desired, SdCardState actual, bool isCard, string image)
    {
        var found = actual.Found;
        if (actual.Target != desired.Target)
        {
            yield return new PropertyChange("target", ChangeKind.Update, actual.Target, desired.Target) { Replaces = true };
        }

        if (!isCard || found.Presence == CardPresence.IdentityUnfinished)
        {
            var isNew = actual.ImageSha256.Length == 0;
            yield return new PropertyChange("card", isNew ? ChangeKind.Add : ChangeKind.Update, isNew ? null : Words(found.Presence), "written")
            {
                Because = found.Presence switch
                {
                    CardPresence.Unfinished or CardPresence.IdentityUnfinished => "it was being written, and that did not end",
                    CardPresence.Nothing when !isNew => "it is gone, or blank",
                    CardPresence.Other when !isNew => "something else is there",
                    _ => null,
                },
            };
        }
        else if (image != desired.Sha256Of())
        {
            yield return new PropertyChange("imageSha256", ChangeKind.Update, image, desired.Sha256Of()) { Because = "another image: the whole card is written" };
        }

        if (isCard && found.Changed)
        {
            yield return new PropertyChange("content", ChangeKind.Update, "changed", "as it was written") { Because = "the file was changed since it was written" };
        }
    }

    private static PropertyChange IdentityChange(SdCardArgs desired, SdCardState actual, bool isAway)
    {
        var changed = !isAway && actual.IdentityDigest.Length > 0 && actual.Found.IdentityDigest != actual.IdentityDigest;
        return changed || desired.Hostname == actual.Hostname || actual.Hostname.Length == 0
            ? new PropertyChange("identity", ChangeKind.Update, Secret, Secret)
            {
                Because = changed ? actual.Found.IdentityErased ? "the identity card is empty: the card was retired, and does not boot; it is written whole" : "the identity card is not the one that was written" : "only the identity card is written",
            }
            : new PropertyChange("hostname", ChangeKind.Update, actual.Hostname, desired.Hostname);
    }

    private static IEnumerable<Refusal> Refusals(SdCardArgs desired, SdCardState actual, bool writesImage)
    {
        var found = actual.Found;
        var what = $"write {found.Description}";
        if (found.Presence == CardPresence.Away)
        {
            yield return new Refusal(what) { Why = $"it is not in a reader of this machine ({desired.Target}{(desired.Serial is null ? "" : $", serial {desired.Serial}")})", Next = "put it in, and run up again" };
            yield break;
        }

        if (!found.Forbidden.IsEmpty)
        {
            yield return new Refusal(what) { Why = string.Join('\n', found.Forbidden), Facts = [.. found.Facts.Select(fact => $"{fact.Name}: {fact.Value}")], Next = $"look with: {(found.Path.StartsWith("/dev/", StringComparison.Ordinal) ? "lsblk " : "ls -l ")}{found.Path}" };
            yield break;
        }

        if (NeedsConsent(actual, writesImage)
            && ConsentCheck.Of(new ConsentSubject("card", found.Key, [.. found.Facts.Select(fact => new ConsentFact(fact.Name, fact.Value, fact.IsIdentity))], found.Losses), desired.Consent, what) is { } refusal)
        {
            yield return refusal;
        }
    }

    /// <summary>
    /// Nothing is lost on a blank one, on what we began ourselves, and in a file that is to the byte what we wrote. That we began to
    /// change an identity lets us go on with the identity, and with nothing beside it.
    /// </summary>
    private static bool NeedsConsent(SdCardState actual, bool writesImage)
    {
        var found = actual.Found;
        var isOurs = actual.IdentityDigest.Length > 0 && found.IdentityDigest == actual.IdentityDigest;
        return found.Presence switch
        {
            CardPresence.Nothing or CardPresence.Unfinished => false,
            CardPresence.IdentityUnfinished => writesImage,
            CardPresence.Card when writesImage => !(isOurs && actual.FileMark.Length > 0 && found.FileMark == actual.FileMark),
            CardPresence.Card => !isOurs,
            _ => true,
        };
    }

    private static ImmutableArray<Step> Whole(SdCardArgs desired, CardFound found) =>
    [
        Step($"mark {found.Description} as being written: until the end it does not boot"),
        Step($"write {Path.GetFileName(desired.Image)} to it, checking the image's SHA-256 on the way"),
        Step(IdentityWords(desired)),
        Step("read all of it back and compare"),
        Step("write its first block: from here on it boots"),
    ];

    private static ImmutableArray<Step> IdentityOnly(SdCardArgs desired, CardFound found) =>
    [
        Step($"keep {found.Description} from booting meanwhile"),
        Step(IdentityWords(desired)),
        Step("read it back and compare, and let the card boot again"),
    ];

    private static string IdentityWords(SdCardArgs desired) => string.Create(
        CultureInfo.InvariantCulture,
        $"write the identity card (4 MiB at sector {CardLayout.IdentitySector}): {desired.Hostname}, host key {desired.FingerprintOf()}, {desired.AuthorizedKeys.Length} authorized key(s), WiFi {(desired.Networks.IsEmpty ? "none" : string.Join(", ", desired.Networks.Select(network => $"\"{network.Ssid}\"")))}");

    private static Step Step(string sentence) => new(sentence, Script: null);

    private static string Words(CardPresence presence) => presence switch
    {
        CardPresence.Nothing => "missing",
        CardPresence.Unfinished or CardPresence.IdentityUnfinished => "unfinished",
        CardPresence.Other => "something else",
        _ => "there",
    };
}
