using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Consent;

/// <summary>
/// The last look, on the device itself, in the same script and right in front of the first command that destroys: the facts that
/// a plan was made from are read again by the very shell text that read them first, and must be the same to the byte.
/// </summary>
internal static class Recheck
{
    /// <summary>With which a script ends whose facts do not hold any more. It has then changed nothing; the runner makes a refusal of it.</summary>
    public const int Refused = 76;

    /// <summary>The digest of facts as a device printed them; line breaks at the end do not count.</summary>
    public static string DigestOf(string facts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts.TrimEnd('\n') + "\n")));

    /// <summary>Goes on when the facts have this digest; else prints them to stderr and ends with <see cref="Refused"/>.</summary>
    /// <param name="facts">Prints the facts. It runs in a subshell; when it fails the script fails.</param>
    /// <param name="digest">From <see cref="DigestOf"/>.</param>
    public static Shell That(Shell facts, string digest) => Shell.Of(
        $$"""
        now=$(
        {{facts}}
        )
        seen=$(printf '%s\n' "$now" | sha256sum)
        if [ "${seen%% *}" != {{digest}} ]; then
        printf '%s\n' 'nothing was done: what is there now is not what the plan was made for. It is now:' "$now" >&2
        exit 76
        fi
        """);
}
