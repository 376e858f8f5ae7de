using System.Collections.Immutable;
using System.Globalization;

namespace Provisioner.Provider.Inspection;

/// <summary>
/// One pool of <c>zpool status</c>, in the form for people, which ZFS 2.0 to 2.4 all print; the JSON form came with 2.3 only.
/// </summary>
/// <param name="Name">The pool.</param>
/// <param name="Rows">The devices and groups of devices, in their order.</param>
/// <param name="Trouble">The paragraph after <c>status:</c>, and data errors; empty when all is well.</param>
internal sealed record PoolStatus(string Name, ImmutableArray<StatusRow> Rows, string Trouble)
{
    private static readonly string[] Roles = ["logs", "cache", "spares", "special", "dedup"];

    public static ImmutableArray<PoolStatus> Parse(string text)
    {
        var pools = ImmutableArray.CreateBuilder<PoolStatus>();
        PoolStatus? pool = null;
        var (role, paragraph) = ("data", "");
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith('\t'))
            {
                if (pool is not null && paragraph == "config" && Row(line, pool, ref role) is { } row)
                {
                    pool = pool with { Rows = pool.Rows.Add(row) };
                }
                else if (pool is not null && paragraph == "status")
                {
                    pool = pool with { Trouble = $"{pool.Trouble} {line.Trim()}" };
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
                Add(pools, pool);
                pool = new PoolStatus(value.Trim(), [], "");
                role = "data";
            }
            else if (paragraph == "status" && pool is not null)
            {
                pool = pool with { Trouble = value.Trim() };
            }
            else if (paragraph == "errors" && pool is not null && value.Trim() != "No known data errors")
            {
                pool = pool with { Trouble = $"{pool.Trouble} {value.Trim()}".Trim() };
            }
        }

        Add(pools, pool);
        return pools.ToImmutable();
    }

    private static void Add(ImmutableArray<PoolStatus>.Builder pools, PoolStatus? pool)
    {
        if (pool is not null)
        {
            pools.Add(pool);
        }
    }

    private static StatusRow? Row(string line, PoolStatus pool, ref string role)
    {
        var text = line[1..];
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0] == "NAME")
        {
            return null;
        }

        var indent = text.Length - text.TrimStart(' ').Length;
        if (indent == 0)
        {
            // The pool itself, or the heading of devices that hold no data of their own.
            role = words[0] != pool.Name && Roles.Contains(words[0]) ? words[0] : "data";
            return null;
        }

        long errors = 0;
        for (var index = 2; index < Math.Min(words.Length, 5); index++)
        {
            errors += long.TryParse(words[index], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        }

        return new StatusRow(words[0], words.Length > 1 ? words[1] : "", errors, (indent / 2) - 1, role, words.Length > 5 ? string.Join(' ', words[5..]) : "");
    }
}

/// <summary>A line of the table in <c>zpool status</c>.</summary>
/// <param name="Name">A path, a GUID, or a group such as mirror-0.</param>
/// <param name="State">ONLINE and the like; a spare has AVAIL or INUSE.</param>
/// <param name="Errors">Read, write and checksum errors together.</param>
/// <param name="Depth">0 right below the pool.</param>
/// <param name="Role">data, or the heading it stands under.</param>
/// <param name="Note">What stands behind the counters, such as <c>was /dev/sda2</c>.</param>
internal sealed record StatusRow(string Name, string State, long Errors, int Depth, string Role, string Note);
