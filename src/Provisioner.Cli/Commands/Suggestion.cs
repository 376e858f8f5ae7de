namespace Provisioner.Cli.Commands;

/// <summary>What somebody may have meant by a word that is not known.</summary>
internal static class Suggestion
{
    /// <summary><c>; did you mean "preview"?</c>, or nothing where nothing is near.</summary>
    public static string For(string word, IEnumerable<string> known) =>
        Nearest(word, known) is { } nearest ? $"; did you mean \"{nearest}\"?" : string.Empty;

    /// <summary>The word that differs least, by at most a third of its letters; null where none does.</summary>
    public static string? Nearest(string word, IEnumerable<string> known) =>
        known.Select(candidate => (Candidate: candidate, Distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(entry => entry.Distance <= Math.Max(1, Math.Max(word.Length, entry.Candidate.Length) / 3))
            .OrderBy(entry => entry.Distance)
            .ThenBy(entry => entry.Candidate, StringComparer.Ordinal)
            .Select(entry => entry.Candidate)
            .FirstOrDefault();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours.</summary>
    public static int Distance(string left, string right)
    {
        var previous = new int[right.Length + 1];
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var next = new int[right.Length + 1];
            next[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                next[j] = Math.Min(Math.Min(next[j - 1] + 1, row[j] + 1), row[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    next[j] = Math.Min(next[j], previous[j - 2] + 1);
                }
            }

            (previous, row) = (row, next);
        }

        return row[^1];
    }
}
