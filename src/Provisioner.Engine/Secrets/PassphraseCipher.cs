using System.Security.Cryptography;
using System.Text;

namespace Provisioner.Engine.Secrets;

/// <summary>Fills a buffer with random bytes.</summary>
internal delegate void FillRandom(Span<byte> buffer);

/// <summary>Pulumi's passphrase encryption: PBKDF2-HMAC-SHA256, AES-256-GCM, <c>v1:nonce:ciphertext+tag</c> in base64.</summary>
internal sealed class PassphraseCipher : IDisposable
{
    public const int SaltSize = 8;
    private const int Iterations = 1_000_000;
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const string Version = "v1";

    // AesGcm is not for concurrent use.
    private readonly Lock _gate = new();
    private readonly AesGcm _aes;
    private readonly FillRandom _random;

    private PassphraseCipher(ReadOnlySpan<byte> key, FillRandom random)
    {
        _aes = new AesGcm(key, TagSize);
        _random = random;
    }

    /// <summary>Takes about a second on a small machine.</summary>
    public static PassphraseCipher Derive(string passphrase, ReadOnlySpan<byte> salt, FillRandom random)
    {
        Span<byte> key = stackalloc byte[KeySize];
        var secret = Encoding.UTF8.GetBytes(passphrase);
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(secret, salt, key, Iterations, HashAlgorithmName.SHA256);
            return new PassphraseCipher(key, random);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public string Encrypt(string plaintext)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        _random(nonce);
        var clear = Encoding.UTF8.GetBytes(plaintext);
        var sealedText = new byte[clear.Length + TagSize];
        try
        {
            lock (_gate)
            {
                _aes.Encrypt(nonce, clear, sealedText.AsSpan(0, clear.Length), sealedText.AsSpan(clear.Length));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }

        return $"{Version}:{Convert.ToBase64String(nonce)}:{Convert.ToBase64String(sealedText)}";
    }

    /// <summary>The plaintext, or null where the text has not this form or was not encrypted with this key.</summary>
    public string? TryDecrypt(string ciphertext)
    {
        var parts = ciphertext.Split(':');
        if (parts is not [Version, var nonceText, var sealedBase64]
            || Decode(nonceText) is not { Length: NonceSize } nonce
            || Decode(sealedBase64) is not { Length: >= TagSize } sealedText)
        {
            return null;
        }

        var clear = new byte[sealedText.Length - TagSize];
        try
        {
            lock (_gate)
            {
                _aes.Decrypt(nonce, sealedText.AsSpan(0, clear.Length), sealedText.AsSpan(clear.Length), clear);
            }

            return Encoding.UTF8.GetString(clear);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    public void Dispose() => _aes.Dispose();

    private static byte[]? Decode(string base64)
    {
        var buffer = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, buffer, out var length) ? buffer[..length] : null;
    }
}
