using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Building;

/// <summary>What can be wrong with the inputs that say where Nix is.</summary>
internal static partial class NixBuilderRules
{
    /// <summary>What is wrong with the other machine's address; null for nothing.</summary>
    /// <param name="host">The address.</param>
    /// <param name="isSsh">The builder is <c>ssh</c>.</param>
    public static string? HostProblem(string? host, bool isSsh)
    {
        if (!isSsh)
        {
            return host is null ? null : "is given, but the builder is another one than \"ssh\"; leave one of the two out";
        }

        try
        {
            return host is null ? "is required with builder \"ssh\": ssh://user@host?hostKey=SHA256:…" : DeviceAddress.Parse(host).IsLocal ? "is this machine; use builder \"local\"" : null;
        }
        catch (InputInvalidException malformed)
        {
            return $"cannot be read: {malformed.Why}; {malformed.Next}";
        }
    }

    /// <summary>What is wrong with the settings for Nix; null for nothing.</summary>
    public static string? OptionsProblem(ImmutableSortedDictionary<string, string> options) =>
        options.Keys.FirstOrDefault(name => !Option().IsMatch(name)) is { } wrong ? $"has '{wrong}', which is no setting of Nix" : null;

    [GeneratedRegex("^[a-z][a-z0-9-]*$")]
    private static partial Regex Option();
}
