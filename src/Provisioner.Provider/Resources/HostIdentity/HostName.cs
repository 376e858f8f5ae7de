namespace Provisioner.Provider.Resources.HostIdentity;

/// <summary>A host's name: one label of RFC 1123, which DHCP, mDNS and NixOS all accept.</summary>
internal static class HostName
{
    public const int MaximumLength = 63;

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Problem(string name) => name switch
    {
        "" => "is empty; give a name such as 'lamp'",
        { Length: > MaximumLength } => $"has {name.Length} characters, at most {MaximumLength} are allowed",
        _ when name.Contains('.', StringComparison.Ordinal) => $"'{name}' has a dot in it; give the first label alone, such as '{name.Split('.')[0]}'",
        _ when name.Any(char.IsAsciiLetterUpper) => $"'{name}' has capitals, which some resolvers keep and others do not; write '{name.ToLowerInvariant()}'",
        ['-', ..] or [.., '-'] => $"'{name}' begins or ends with a hyphen",
        _ when !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') => $"'{name}' has characters other than a-z, 0-9 and hyphen",
        _ when name.All(char.IsAsciiDigit) => $"'{name}' has digits only, and would be taken for an address; add a letter",
        _ => null,
    };
}
