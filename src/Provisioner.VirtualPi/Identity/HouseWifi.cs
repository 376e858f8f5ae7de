using System.Security.Cryptography;
using System.Text;

namespace Provisioner.VirtualPi;

/// <summary>What the simulated house router's access point is set to.</summary>
/// <param name="Ssid">1 to 32 bytes of UTF-8, control characters among them.</param>
/// <param name="Password">8 to 63 printable ASCII characters. It is a secret.</param>
public sealed record HouseWifi(string Ssid, string Password)
{
    /// <summary>The router's settings unless others are given: <c>Lamp Home</c>, <c>correct horse under the lamp</c>.</summary>
    public static HouseWifi Default { get; } = new("Lamp Home", "correct horse under the lamp");

    public override string ToString() => $"{nameof(HouseWifi)} {{ {nameof(Ssid)} = {Ssid} }}";

    /// <summary>The 64 hex digits that WPA2 derives from both (PBKDF2-HMAC-SHA1, 4096 rounds; IEEE 802.11 annex J).</summary>
    public string DerivedKey => Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(
        Encoding.ASCII.GetBytes(Password), Encoding.UTF8.GetBytes(Ssid), 4096, HashAlgorithmName.SHA1, 32));

    /// <exception cref="PiException">A part is not as described.</exception>
    internal HouseWifi Check()
    {
        if (Encoding.UTF8.GetByteCount(Ssid) is 0 or > 32)
        {
            throw new PiException($"The SSID '{Ssid}' has {Encoding.UTF8.GetByteCount(Ssid)} bytes; it can have 1 to 32.");
        }

        if (Password.Length is < 8 or > 63 || Password.Any(character => character is < ' ' or > '~'))
        {
            throw new PiException("The WiFi password must have 8 to 63 printable ASCII characters.");
        }

        return this;
    }
}
