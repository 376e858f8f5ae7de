using System.Text.RegularExpressions;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>What SSH.NET says when a key exchange ends because the device offers nothing that we take.</summary>
/// <param name="Kind">What it lacks: <c>key exchange</c>, <c>host key</c>, <c>client MAC</c> and so on.</param>
/// <param name="Offers">What the device offers instead.</param>
internal sealed partial record NoCommonAlgorithm(string Kind, IReadOnlyList<string> Offers)
{
    /// <summary>Whether it is the host key: the device has none of the types that were asked for.</summary>
    public bool IsHostKey => Kind == "host key";

    /// <summary>Reads the message; null where it says something else.</summary>
    public static NoCommonAlgorithm? Read(string message) => Form().Match(message) is { Success: true } match
        ? new NoCommonAlgorithm(match.Groups["kind"].Value, match.Groups["offers"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        : null;

    // The library throws one type for it and for a dozen other things; only the text tells them apart.
    [GeneratedRegex(@"^No matching (?<kind>.+) algorithm \(server offers (?<offers>[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
