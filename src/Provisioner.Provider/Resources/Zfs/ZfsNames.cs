using System.Collections.Immutable;

namespace Provisioner.Provider.Resources.Zfs;

/// <summary>What names and values ZFS takes. Problems are clauses that fit behind the input's name.</summary>
internal static class ZfsNames
{
    private const int LongestName = 255;

    private const int LongestValue = 8192;

    // Those that no pool's name may begin with, as zpool_name_valid of OpenZFS has them. Of the other words for parts of a pool it
    // keeps "log" alone: pools called cache, special or dedup can be made.
    private static readonly string[] Reserved = ["mirror", "raidz", "draid", "spare"];

    public static string? PoolProblem(string name)
    {
        if (name.Length is 0 or > LongestName || !char.IsAsciiLetter(name[0]) || !name.All(IsNameCharacter))
        {
            return $"must begin with a letter and have only letters, digits, _ . - and : (at most {LongestName}), but is \"{name}\"";
        }

        return name == "log" || Reserved.Any(word => name.StartsWith(word, StringComparison.Ordinal))
            ? $"must not be \"{name}\": ZFS keeps that word for itself; take another, such as the host's name"
            : null;
    }

    /// <summary>A path below a pool.</summary>
    public static string? DatasetProblem(string pool, string path)
    {
        if (path.Length == 0 || path.Split('/').Any(part => part.Length == 0 || part is "." or ".." || !part.All(IsNameCharacter)))
        {
            return $"must be a path below the pool such as root or home/me, of letters, digits, _ . - and :, but is \"{path}\"";
        }

        return pool.Length + 1 + path.Length > LongestName ? $"is too long: with the pool it has {pool.Length + 1 + path.Length} characters, and ZFS takes {LongestName}" : null;
    }

    public static string? SnapshotProblem(string name) =>
        name.Length is 0 or > 200 || !name.All(IsNameCharacter)
            ? $"must have only letters, digits, _ . - and : (1 to 200), but is \"{name}\""
            : null;

    public static string? InstallationProblem(string name) =>
        name.Length is 0 or > 100 || name is "none" || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(IsNameCharacter)
            ? $"must begin with a letter or a digit and have only letters, digits, _ . - and : (1 to 100, and not \"none\"), but is \"{name}\""
            : null;

    public static string? GuidProblem(string guid) => ulong.TryParse(guid, System.Globalization.NumberStyles.None, null, out var number) && number > 0
        ? null
        : $"must be the pool's GUID, a decimal number such as zpool get guid shows, but is \"{guid}\"; take the guid of a ZfsPool";

    /// <summary>The first property that cannot be one, or whose value cannot.</summary>
    /// <param name="properties">The input.</param>
    /// <param name="known">Names that ZFS itself has; users' own have a colon.</param>
    /// <param name="elsewhere">Names that are no business of this input, each with where they belong.</param>
    public static string? PropertiesProblem(
        ImmutableSortedDictionary<string, string> properties, ImmutableHashSet<string> known, ImmutableDictionary<string, string> elsewhere)
    {
        foreach (var (name, value) in properties)
        {
            if (elsewhere.TryGetValue(name, out var where))
            {
                return $"must not have \"{name}\": {where}";
            }

            var isOwn = name.Contains(':', StringComparison.Ordinal) && name.Length <= 256 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is ':' or '+' or '.' or '_' or '-');
            if (!known.Contains(name) && !isOwn)
            {
                var close = known.FirstOrDefault(word => string.Equals(word, name, StringComparison.OrdinalIgnoreCase));
                return $"has \"{name}\", which is no property here{(close is null ? "; users' own have a colon in their names and only lower-case letters" : $"; did you mean {close}?")}";
            }

            if (value.Length is 0 or > LongestValue || value.Any(c => char.IsControl(c)) || !Remote.ShellQuoting.CanQuote(value))
            {
                return $"has no possible value for \"{name}\": it must have 1 to {LongestValue} characters on one line";
            }

            if (ZfsValues.Problem(name, value) is { } problem)
            {
                return $"has \"{value}\" for \"{name}\", which {problem}";
            }
        }

        return null;
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-' or ':';
}
