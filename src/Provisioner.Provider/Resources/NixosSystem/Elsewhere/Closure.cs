using System.Collections.Immutable;
using System.Globalization;

namespace Provisioner.Provider.Resources.NixosSystem.Elsewhere;

/// <summary>A store path and the size of what it holds, in bytes.</summary>
internal sealed record StorePath(string Path, long Size);

/// <summary>A system that another machine has, with all that it refers to. Pure.</summary>
/// <param name="Top">The system's own path.</param>
/// <param name="Paths">All of it; what a path refers to comes before it.</param>
internal sealed record Closure(string Top, ImmutableArray<StorePath> Paths)
{
    // A pebibyte; any number of these still has a sum.
    private const long LargestPath = 1L << 50;

    /// <summary>Reads what <see cref="ElsewhereScripts.Build"/> and <see cref="ElsewhereScripts.Have"/> print.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Closure Parse(string answer)
    {
        var lines = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines is not [var top, ..] || !top.StartsWith("/nix/store/", StringComparison.Ordinal))
        {
            throw new FormatException("what came is no system");
        }

        ImmutableArray<StorePath> paths = [.. lines.Skip(1).Select(line => line.Split(' ', 2)).Select(words =>
            words is [var size, var path] && path.StartsWith("/nix/store/", StringComparison.Ordinal)
            && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes <= LargestPath
                ? new StorePath(path, bytes)
                : throw new FormatException("what came is no list of store paths"))];
        return paths.Any(path => path.Path == top) ? new Closure(top, paths) : throw new FormatException("the system is not among its own paths");
    }

    /// <summary>What those of its paths that are missing hold, in bytes.</summary>
    public long SizeOf(IReadOnlySet<string> missing) => Paths.Where(path => missing.Contains(path.Path)).Sum(path => path.Size);

    /// <summary>Those of its paths that are missing, in parts that are each sent at once: few enough for a command line, and, but for a path that is larger by itself, no larger than this.</summary>
    public IEnumerable<ImmutableArray<StorePath>> Parts(IReadOnlySet<string> missing, long largest = 32L * 1024 * 1024, int most = 400)
    {
        var part = ImmutableArray<StorePath>.Empty;
        foreach (var path in Paths.Where(path => missing.Contains(path.Path)))
        {
            if (!part.IsEmpty && (part.Length == most || part.Sum(other => other.Size) + path.Size > largest))
            {
                yield return part;
                part = [];
            }

            part = part.Add(path);
        }

        if (!part.IsEmpty)
        {
            yield return part;
        }
    }
}
