namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>
/// The name of a profile, which is also the name of its file: what NetworkManager accepts, what survives a shell, a log and
/// a file system, and what it does not skip as somebody's backup (names that begin with a dot or end with a tilde).
/// </summary>
internal static class ProfileName
{
    public const int MaximumLength = 64;

    public static bool Allows(char c) => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '.';

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Problem(string name) => name switch
    {
        "" => "is empty; leave it out to have it made from the ssid",
        { Length: > MaximumLength } => $"has {name.Length} characters, at most {MaximumLength} are allowed",
        ['.' or ' ' or '-', ..] or [.., ' '] => $"begins or ends with a character that NetworkManager or a shell treats specially ('{name}'); begin with a letter or a digit",
        _ when !name.All(Allows) => $"has characters that are not safe in a file name ('{name}'); use letters, digits, blanks and . _ -",
        _ when name.EndsWith(".nmconnection", StringComparison.OrdinalIgnoreCase) => "already ends with .nmconnection; leave that ending out",
        _ => null,
    };
}
