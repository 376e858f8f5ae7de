namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>A secret where none may be, or what looks like one. It never holds the secret.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">The file, from the flake's folder.</param>
/// <param name="Line">From 1.</param>
/// <param name="Place">Which of the file's versions.</param>
internal sealed record SecretFinding(SecretKind Kind, string Path, int Line, SecretPlace Place)
{
    /// <summary>The commit that brought it, in full; null for files of the work tree.</summary>
    public string? Commit { get; init; }

    /// <summary>How sure it is.</summary>
    public required SecretCertainty Certainty { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>By what it is accepted: <see cref="SecretToken"/>.</summary>
    public required string Token { get; init; }

    /// <summary>Whether a flake that has it is kept on this machine. What is only possible is told.</summary>
    public bool Refuses => Certainty != SecretCertainty.Possible;

    /// <summary>For people: what, where, how sure and why, and the way out.</summary>
    public override string ToString() => $"{Path}:{Line} {Where}: {Certainty switch
    {
        SecretCertainty.Certain => $"{What}, for certain",
        SecretCertainty.Likely => $"{What}, most likely",
        _ => $"perhaps {What}",
    }} ({Reason}); {WayOut}; if it is no secret, or not any more, name {Token} in acceptedFindings";

    /// <summary>What a scan of a file found.</summary>
    public static SecretFinding Of(SecretHit hit, string path, SecretPlace place) =>
        new(hit.Kind, path, hit.Line, place) { Certainty = hit.Certainty, Reason = hit.Reason, Token = SecretToken.Of(path, hit) };

    /// <summary>A kind in words.</summary>
    public static string Words(SecretKind kind) => kind switch
    {
        SecretKind.WifiPassword => "a WiFi password",
        SecretKind.AgeKey => "an age key",
        SecretKind.WireGuardKey => "a WireGuard key",
        SecretKind.NixSigningKey => "a Nix signing key",
        SecretKind.Token => "an access token",
        SecretKind.Password => "a password",
        _ => "a private key",
    };

    private string Where => Place switch
    {
        SecretPlace.Tracked => "(tracked by git)",
        SecretPlace.Untracked => "(not tracked by git)",
        SecretPlace.Ignored => "(ignored by git)",
        SecretPlace.Committed => $"in commit {Commit}",
        _ => "(not under git)",
    };

    private string What => Words(Kind);

    private string WayOut => (Place, Kind) switch
    {
        (SecretPlace.Committed, SecretKind.WifiPassword) => $"whoever has the repository has it, so change the password at the router; then {OutOfHistory}",
        (SecretPlace.Committed, SecretKind.Token or SecretKind.Password) => $"whoever has the repository has it, so change it; then {OutOfHistory}",
        (SecretPlace.Committed, _) => $"whoever has the repository has it, so stop trusting the key; then {OutOfHistory}",
        (_, SecretKind.WifiPassword) =>
            "remove it, the image needs none: set it with ./provision config set --secret wifiPassword, and the identity card and WifiProfile bring it to the device",
        (_, SecretKind.Token or SecretKind.Password) => "move it out of the flake's folder, or have it encrypted, as with sops-nix or agenix",
        _ => "move it out of the flake's folder: HostIdentity and the identity card bring a host key to the device, and the image needs none",
    };

    private string OutOfHistory => $"name the commit in acceptedCommits, or take it out with: git filter-repo --invert-paths --path {Path}";
}
