using Newtonsoft.Json.Linq;

namespace Provisioner.Engine.Secrets;

/// <summary>One stack's secrets under its passphrase and salt.</summary>
internal sealed class PassphraseSecretsManager : ISecretsManager, IDisposable
{
    // The text whose encryption stands behind the salt, to tell a wrong passphrase at once.
    private const string Verifier = "pulumi";

    private readonly PassphraseCipher _cipher;

    private PassphraseSecretsManager(string salt, PassphraseCipher cipher)
    {
        Salt = salt;
        _cipher = cipher;
    }

    /// <summary><c>v1:salt:verifier</c>, as <c>encryptionsalt</c> has it.</summary>
    public string Salt { get; }

    public string Type => PassphraseSecrets.ProviderType;

    public JObject State => new() { ["salt"] = Salt };

    public static PassphraseSecretsManager Create(string passphrase, FillRandom random)
    {
        Span<byte> salt = stackalloc byte[PassphraseCipher.SaltSize];
        random(salt);
        var cipher = PassphraseCipher.Derive(passphrase, salt, random);
        return new PassphraseSecretsManager($"v1:{Convert.ToBase64String(salt)}:{cipher.Encrypt(Verifier)}", cipher);
    }

    /// <exception cref="IncorrectPassphraseException">The passphrase is not the one behind the salt.</exception>
    /// <exception cref="SecretsException">The salt has not its form.</exception>
    public static PassphraseSecretsManager Open(string encryptionSalt, string passphrase, string origin, FillRandom random)
    {
        var (salt, verifier) = Split(encryptionSalt);
        var cipher = PassphraseCipher.Derive(passphrase, salt, random);
        if (cipher.TryDecrypt(verifier) == Verifier)
        {
            return new PassphraseSecretsManager(encryptionSalt, cipher);
        }

        cipher.Dispose();
        throw new IncorrectPassphraseException(origin);
    }

    public string Encrypt(string plaintext) => _cipher.Encrypt(plaintext);

    public string Decrypt(string ciphertext) =>
        _cipher.TryDecrypt(ciphertext)
        ?? throw new SecretsException(
            "secret-unreadable",
            "a secret was encrypted under another salt, or was changed. Set it again with `config set --secret`, or restore the file it stands in.");

    public void Dispose() => _cipher.Dispose();

    private static (byte[] Salt, string Verifier) Split(string encryptionSalt)
    {
        var parts = encryptionSalt.Split(':', 3);
        var salt = new byte[PassphraseCipher.SaltSize + 1];
        return parts is ["v1", var text, var verifier] && Convert.TryFromBase64String(text, salt, out var length) && length == PassphraseCipher.SaltSize
            ? (salt[..length], verifier)
            : throw new SecretsException(
                "secrets-salt-invalid",
                "encryptionsalt has not the form v1:SALT:v1:NONCE:TEXT. Restore that line of the stack file from version control: without it no secret of the stack can be read.");
    }
}
