using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Consent;

/// <summary>Compares what would be destroyed with what people agreed to. Pure.</summary>
internal static class ConsentCheck
{
    /// <summary>Null when the token that fits was given; else the refusal, with what would be lost and the command that agrees.</summary>
    /// <param name="subject">What would be destroyed.</param>
    /// <param name="given">The resource's <c>consent</c> input: tokens by key.</param>
    /// <param name="what">What is refused, as a clause without a full stop: "wipe the disk S49…".</param>
    public static Refusal? Of(ConsentSubject subject, ImmutableSortedDictionary<string, string> given, string what)
    {
        var token = given.GetValueOrDefault(subject.Key);
        if (ConsentToken.Fits(subject, token))
        {
            return null;
        }

        return new Refusal(what)
        {
            Why = string.IsNullOrWhiteSpace(token)
                ? $"it needs your consent, and none is given for {subject.Key}"
                : $"the consent given for {subject.Key} ({token.Trim()}) does not fit: {ConsentToken.Misfit(subject, token)}",
            Facts = [.. subject.Facts.Select(fact => fact.ToString())],
            Losses = subject.Losses,
            Token = ConsentToken.Of(subject),
            Next = $"if that is what you want: {Command(subject)}",
        };
    }

    /// <summary>The literal command that puts the token where the program finds it.</summary>
    public static string Command(ConsentSubject subject)
    {
        var path = PropertyPath.Append("consent", subject.Key);
        var isPlain = path.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
        return $"./provision config set --path {(isPlain ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'")} {ConsentToken.Of(subject)}";
    }
}
