using Provisioner.Engine.Secrets;

namespace Provisioner.Engine.State;

/// <summary>
/// Remembers which ciphertext stands for which secret of which resource. A secret that did not change keeps its ciphertext, so that state files
/// differ only where something changed; the same text in two places gets two ciphertexts, so that nobody sees they are the same.
/// </summary>
internal sealed class SecretSeals(ISecretsManager? manager)
{
    private readonly Dictionary<(string Urn, string Path, string Plaintext), string> _known = [];

    public ISecretsManager? Manager { get; } = manager;

    public SealSecret Seal(string urn) => (path, plaintext) =>
    {
        if (!_known.TryGetValue((urn, path, plaintext), out var ciphertext))
        {
            ciphertext = (Manager ?? throw NoManager(urn)).Encrypt(plaintext);
            _known.Add((urn, path, plaintext), ciphertext);
        }

        return ciphertext;
    };

    public OpenSecret Open(string urn) => (path, ciphertext) =>
    {
        string plaintext;
        try
        {
            plaintext = (Manager ?? throw NoManager(urn)).Decrypt(ciphertext);
        }
        catch (SecretsException exception) when (exception.Code == "secret-unreadable")
        {
            throw new StateFileException($"{urn}: \"{path}\" cannot be decrypted: it was encrypted under another salt, or was changed.", exception);
        }

        _known[(urn, path, plaintext)] = ciphertext;
        return plaintext;
    };

    private static SecretsException NoManager(string urn) =>
        new("secrets-manager-missing", $"{urn} has a secret, but the stack has no way to encrypt it. Give the stack a passphrase: set {PassphraseSource.Variable} and run `stack init` or `config set --secret` once.");
}
