using System.Security.Cryptography;
using System.Text;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>
/// The 256-bit key of WPA2-Personal: derived from password and network name as IEEE 802.11 says, so that the house
/// password itself never reaches the device.
/// </summary>
internal static class WpaKey
{
    private const int Iterations = 4096;
    private const int KeyBytes = 32;

    /// <summary>The key as 64 hex digits; a password that already is such a key is taken as it is.</summary>
    // SHA-1 is what the WPA2 standard derives with; every access point expects exactly this.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5379:Ensure Key Derivation Function algorithm is sufficiently strong", Justification = "IEEE 802.11 fixes PBKDF2-HMAC-SHA1 with 4096 rounds.")]
    public static string Derive(string password, Ssid ssid) => IsKey(password)
        ? password.ToLowerInvariant()
        : Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), ssid.Bytes, Iterations, HashAlgorithmName.SHA1, KeyBytes));

    /// <summary>Whether the text is a key and no password: 64 hex digits.</summary>
    public static bool IsKey(string password) => password.Length == 2 * KeyBytes && password.All(char.IsAsciiHexDigit);

    /// <summary>What is wrong with a password for WPA2-Personal, or null; never quotes it.</summary>
    public static string? Problem(string password)
    {
        if (IsKey(password))
        {
            return null;
        }

        var odd = password.Count(c => c is < ' ' or > '~');
        return (odd, password.Length) switch
        {
            (> 0, _) => $"has {odd} character(s) that WPA2 does not allow in a password (only printable ASCII: letters, digits, blanks, signs); check for a line break or an accent, or give the 64 hex digits of the key",
            (_, < 8) => $"has {password.Length} characters, and WPA2 wants 8 to 63; check that it was entered whole",
            (_, > 63) => $"has {password.Length} characters, and WPA2 wants 8 to 63, or exactly 64 hex digits when it is the key itself",
            _ => null,
        };
    }
}
