namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>The name of a system among a flake's nixosConfigurations, as people write it: <c>pi4</c>, <c>pi.example.org</c>, <c>nixosConfigurations."pi.example.org"</c>.</summary>
internal static class SystemAttribute
{
    private const string Set = "nixosConfigurations.";

    /// <summary>What is wrong with one; null when nothing is.</summary>
    public static string? Problem(string given) =>
        Name(given) is { Length: > 0 } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '\'' or '+' or '@')
            ? null
            : $"must be a name among the flake's nixosConfigurations (letters, digits, and - _ . + @ '), but is '{given}'";

    /// <summary>The attribute path for Nix, to which a dot ends a name unless it is quoted.</summary>
    public static string Path(string given) => Set + (Name(given) is var name && name.Contains('.', StringComparison.Ordinal) ? $"\"{name}\"" : name);

    private static string Name(string given)
    {
        var name = given.StartsWith(Set, StringComparison.Ordinal) ? given[Set.Length..] : given;
        return name is ['"', .. var quoted, '"'] ? quoted : name;
    }
}
