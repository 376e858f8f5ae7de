using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Provisioner.Provider.Inspection;

/// <summary>
/// One pool of <c>zpool status</c>, in the form for people, which ZFS 2.0 to 2.4 all print; the JSON form came with 2.3 only.
/// </summary>
/// <param name="Name">The pool.</param>
/// <param name="Rows">The devices and groups of devices, in their order.</param>
/// <param name="Trouble">The paragraph after <c>status:</c>, and data errors; empty when all is well.</param>
internal sealed record PoolStatus(string Name, ImmutableArray<StatusRow> Rows, string Trouble)
{
    /// <exception cref="UnreadableAnswerException">It is another form, or names a pool twice.</exception>
    public static ImmutableArray<PoolStatus> Parse(string text)
    {
        var pools = new List<Draft>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        Draft? pool = null;
        var (paragraph, number) = ("", 0);
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.StartsWith('\t'))
            {
                if (pool is not null && paragraph == "config" && Row(line, pool, number) is { } row)
                {
                    pool.Rows.Add(row);
                }
                else if (pool is not null && paragraph == "status")
                {
                    pool.Trouble.Append(' ').Append(line.AsSpan().Trim());
                }

                continue;
            }

            if (line.Split(':', 2) is not [var label, var value])
            {
                continue;
            }

            paragraph = label.Trim();
            if (paragraph == "pool")
            {
                pool = names.Add(value.Trim()) ? new Draft(value.Trim()) : throw new UnreadableAnswerException("zpool status", number, "a pool is named twice");
                pools.Add(pool);
            }
            else if (paragraph == "status" || (paragraph == "errors" && value.Trim() != "No known data errors"))
            {
                pool?.Trouble.Append(' ').Append(value.AsSpan().Trim());
            }
        }

        return [.. pools.Select(draft => new PoolStatus(draft.Name, draft.Rows.ToImmutable(), draft.Trouble.ToString().Trim()))];
    }

    private static StatusRow? Row(string line, Draft pool, int number)
    {
        var text = line[1..];
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return null;
        }

        var indent = text.Length - text.TrimStart(' ').Length;
        if (indent == 0)
        {
            // By their place, for a pool may have any of these words for its name: the table's head, the pool, and then the headings of
            // devices that hold no data of their own.
            pool.Margins++;
            pool.Role = pool.Margins > 2 ? words[0] : "data";
            return null;
        }

        if (words.Length < 2)
        {
            throw new UnreadableAnswerException("zpool status", number, "a device without a state");
        }

        ulong errors = 0;
        for (var index = 2; index < Math.Min(words.Length, 5); index++)
        {
            errors += uint.TryParse(words[index], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : words[index].All(char.IsAsciiDigit) ? uint.MaxValue : 0;
        }

        return new StatusRow(words[0], words[1], (long)errors, Math.Max(0, (indent / 2) - 1), pool.Role, words.Length > 5 ? string.Join(' ', words[5..]) : "");
    }

    private sealed class Draft(string name)
    {
        public string Name { get; } = name;

        public ImmutableArray<StatusRow>.Builder Rows { get; } = ImmutableArray.CreateBuilder<StatusRow>();

        public StringBuilder Trouble { get; } = new();

        /// <summary>How many lines of the table began at its margin.</summary>
        public int Margins { get; set; }

        /// <summary>What the devices that follow are for.</summary>
        public string Role { get; set; } = "data";
    }
}

/// <summary>A line of the table in <c>zpool status</c>.</summary>
/// <param name="Name">A path, a GUID, or a group such as mirror-0.</param>
/// <param name="State">ONLINE and the like; a spare has AVAIL or INUSE.</param>
/// <param name="Errors">Read, write and checksum errors together, each up to 2^32 - 1.</param>
/// <param name="Depth">0 right below the pool.</param>
/// <param name="Role">data, or the heading it stands under.</param>
/// <param name="Note">What stands behind the counters, such as <c>was /dev/sda2</c>.</param>
internal sealed record StatusRow(string Name, string State, long Errors, int Depth, string Role, string Note);
