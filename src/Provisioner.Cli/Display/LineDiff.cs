namespace Provisioner.Cli.Display;

/// <summary>Two texts, line by line: what goes, what comes, and a little of what stays around it.</summary>
internal static class LineDiff
{
    /// <summary>A line with its mark: <c>-</c>, <c>+</c>, blank for one that stays, <c>…</c> where lines that stay are left out.</summary>
    internal readonly record struct Entry(char Mark, string Text);

    // Beyond this the table would cost more than the reader gains.
    private const int MostLines = 1000;
    private const int Context = 2;

    public static List<Entry> Of(string[] old, string[] @new) =>
        old.Length > MostLines || @new.Length > MostLines
            ? [.. old.Select(line => new Entry('-', line)), .. @new.Select(line => new Entry('+', line))]
            : Shorten(Align(old, @new));

    /// <summary>By the longest common subsequence.</summary>
    private static List<Entry> Align(string[] old, string[] @new)
    {
        var common = Enumerable.Range(0, old.Length + 1).Select(_ => new int[@new.Length + 1]).ToArray();
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = @new.Length - 1; j >= 0; j--)
            {
                common[i][j] = old[i] == @new[j] ? common[i + 1][j + 1] + 1 : Math.Max(common[i + 1][j], common[i][j + 1]);
            }
        }

        var entries = new List<Entry>();
        var (left, right) = (0, 0);
        while (left < old.Length || right < @new.Length)
        {
            if (left < old.Length && right < @new.Length && old[left] == @new[right])
            {
                entries.Add(new Entry(' ', old[left++]));
                right++;
            }
            else if (left < old.Length && (right == @new.Length || common[left + 1][right] >= common[left][right + 1]))
            {
                entries.Add(new Entry('-', old[left++]));
            }
            else
            {
                entries.Add(new Entry('+', @new[right++]));
            }
        }

        return entries;
    }

    private static List<Entry> Shorten(List<Entry> entries)
    {
        var near = entries.Select((_, index) => Enumerable
            .Range(Math.Max(0, index - Context), Math.Min(entries.Count, index + Context + 1) - Math.Max(0, index - Context))
            .Any(neighbour => entries[neighbour].Mark != ' ')).ToList();
        var result = new List<Entry>();
        for (var index = 0; index < entries.Count; index++)
        {
            if (near[index])
            {
                result.Add(entries[index]);
            }
            else if (result.Count == 0 || result[^1].Mark != '…')
            {
                result.Add(new Entry('…', string.Empty));
            }
        }

        return result;
    }
}
