using Newtonsoft.Json.Linq;

namespace Provisioner.Engine.Secrets;

/// <summary>Encrypts and decrypts one stack's secrets. Safe for concurrent use.</summary>
public interface ISecretsManager
{
    /// <summary>Its name in <c>secrets_providers.type</c>.</summary>
    string Type { get; }

    /// <summary>What <c>secrets_providers.state</c> must hold to open it again; nothing secret.</summary>
    JObject State { get; }

    string Encrypt(string plaintext);

    /// <exception cref="SecretsException">The text was not encrypted by this manager, or was changed.</exception>
    string Decrypt(string ciphertext);
}

/// <summary>Opens the secrets manager that a state file names.</summary>
public interface ISecretsProvider
{
    /// <param name="type"><c>secrets_providers.type</c>.</param>
    /// <param name="state"><c>secrets_providers.state</c>.</param>
    /// <exception cref="SecretsException">It is of a kind not known here, or the passphrase is missing or wrong.</exception>
    Task<ISecretsManager> OpenAsync(string type, JObject? state, CancellationToken cancellationToken);
}
