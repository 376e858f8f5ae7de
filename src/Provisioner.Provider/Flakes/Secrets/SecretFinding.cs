namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>A secret where none may be. It never holds the secret, nor anything made from it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">The file, from the flake's folder.</param>
/// <param name="Line">From 1.</param>
/// <param name="Place">Which of the file's versions.</param>
internal sealed record SecretFinding(SecretKind Kind, string Path, int Line, SecretPlace Place)
{
    /// <summary>The commit that brought it, in full; null for files of the work tree.</summary>
    public string? Commit { get; init; }

    /// <summary>For people: what, where, and the way out.</summary>
    public override string ToString() => $"{Path}:{Line} {Where}: {What}; {WayOut}";

    private string Where => Place switch
    {
        SecretPlace.Tracked => "(tracked by git)",
        SecretPlace.Untracked => "(not tracked by git)",
        SecretPlace.Ignored => "(ignored by git)",
        SecretPlace.Committed => $"in commit {Commit}",
        _ => "(not under git)",
    };

    private string What => Kind switch
    {
        SecretKind.WifiPassword => "a WiFi password",
        SecretKind.AgeKey => "an age key",
        SecretKind.WireGuardKey => "a WireGuard private key",
        SecretKind.NixSigningKey => "a Nix signing key",
        _ => "a private key",
    };

    private string WayOut => (Place, Kind) switch
    {
        (SecretPlace.Committed, SecretKind.WifiPassword) =>
            $"whoever has the repository has it, so change the password at the router; then name the commit in acceptedCommits, or take it out with: git filter-repo --invert-paths --path {Path}",
        (SecretPlace.Committed, _) =>
            $"whoever has the repository has it, so stop trusting the key; then name the commit in acceptedCommits, or take it out with: git filter-repo --invert-paths --path {Path}",
        (_, SecretKind.WifiPassword) =>
            "remove it, the image needs none: set it with ./provision config set --secret wifiPassword, and the identity card and WifiProfile bring it to the device",
        _ => "move it out of the flake's folder: HostIdentity and the identity card bring a host key to the device, and the image needs none",
    };
}
