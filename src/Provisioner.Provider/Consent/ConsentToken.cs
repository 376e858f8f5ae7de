using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Provisioner.Provider.Consent;

/// <summary>
/// What a person hands over to agree: <c>disk-7k3m-p9qd-x2vh-8wtn</c>. The word is the subject's kind, the first group is made
/// of what the thing is, the other three of everything about it, so that a token that does not fit any more still tells whether
/// it was for another thing or for another content of this one. No secret: it proves that somebody has seen the facts.
/// </summary>
internal static class ConsentToken
{
    // Crockford's alphabet: no letter that looks like a digit, or like another letter.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private const int Group = 4;

    private const int GroupsOfAll = 3;

    /// <summary>The one token that fits. Pure; the order of facts does not matter, the losses' wording does not either.</summary>
    public static string Of(ConsentSubject subject)
    {
        var text = new StringBuilder(subject.Kind).Append('-').Append(Letters(subject, subject.Facts.Where(fact => fact.IsIdentity), Group));
        var all = Letters(subject, subject.Facts, Group * GroupsOfAll);
        for (var index = 0; index < GroupsOfAll; index++)
        {
            text.Append('-').Append(all, index * Group, Group);
        }

        return text.ToString();
    }

    /// <summary>Whether a person's text is the token: the case of letters and blanks around it do not matter.</summary>
    public static bool Fits(ConsentSubject subject, string? given) => given is not null && Plain(given) == Of(subject);

    /// <summary>Why a token that does not fit does not, as a clause.</summary>
    public static string Misfit(ConsentSubject subject, string given)
    {
        var wanted = Of(subject).Split('-');
        var parts = Plain(given).Split('-');
        return parts.Length != wanted.Length ? "it is no token of this form, or not a whole one"
            : parts[0] != wanted[0] ? $"it was for a {parts[0]}, and this is a {wanted[0]}"
            : parts[1] != wanted[1] ? $"it was for another {wanted[0]} than this one"
            : $"it was for this {wanted[0]} as it was then, and something about it has changed since";
    }

    private static string Plain(string given) => given.Trim().ToLowerInvariant();

    private static string Letters(ConsentSubject subject, IEnumerable<ConsentFact> facts, int count)
    {
        var canonical = new StringBuilder();
        foreach (var text in facts.OrderBy(fact => fact.Name, StringComparer.Ordinal).ThenBy(fact => fact.Value, StringComparer.Ordinal).ThenBy(fact => fact.IsIdentity)
                     .SelectMany(fact => new[] { fact.Name, fact.Value, fact.IsIdentity ? "identity" : "content" })
                     .Prepend(subject.Key).Prepend(subject.Kind))
        {
            // With the length in front no two lists of texts are one string.
            canonical.Append(CultureInfo.InvariantCulture, $"{text.Length}:{text}\n");
        }

        // The characters' own bytes: an encoding would make one of all that it cannot hold.
        var digest = SHA256.HashData(MemoryMarshal.AsBytes(canonical.ToString().AsSpan()));
        return string.Create(count, digest, static (letters, bytes) =>
        {
            for (var index = 0; index < letters.Length; index++)
            {
                letters[index] = Alphabet[bytes[index] % Alphabet.Length];
            }
        });
    }
}
