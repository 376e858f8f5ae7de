using System.Collections.Concurrent;
using System.Security.Cryptography;
using Newtonsoft.Json.Linq;

namespace Provisioner.Engine.Secrets;

/// <summary>Opens stacks' secrets with a passphrase, deriving each stack's key once.</summary>
public sealed class PassphraseSecrets : ISecretsProvider, IDisposable
{
    /// <summary>The name of this kind of manager in state files.</summary>
    public const string ProviderType = "passphrase";

    private readonly PassphraseSource _source;
    private readonly FillRandom _random;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly ConcurrentDictionary<string, PassphraseSecretsManager> _opened = new(StringComparer.Ordinal);
    private (string Passphrase, string Origin)? _passphrase;

    public PassphraseSecrets(PassphraseSource source)
        : this(source, RandomNumberGenerator.Fill)
    {
    }

    internal PassphraseSecrets(PassphraseSource source, FillRandom random)
    {
        _source = source;
        _random = random;
    }

    /// <summary>Opens the secrets of a stack whose <c>encryptionsalt</c> is given.</summary>
    /// <exception cref="MissingPassphraseException">There is no passphrase, and nobody to ask.</exception>
    /// <exception cref="IncorrectPassphraseException">The passphrase is not this stack's.</exception>
    /// <exception cref="SecretsException">The salt has not the form <c>v1:salt:verifier</c>.</exception>
    public async Task<ISecretsManager> OpenAsync(string encryptionSalt, CancellationToken cancellationToken)
    {
        if (_opened.TryGetValue(encryptionSalt, out var known))
        {
            return known;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_opened.TryGetValue(encryptionSalt, out known))
            {
                return known;
            }

            var (passphrase, origin) = _passphrase ?? await _source.GetAsync(isNew: false, cancellationToken);
            var manager = await Task.Run(() => PassphraseSecretsManager.Open(encryptionSalt, passphrase, origin, _random), cancellationToken);
            _passphrase = (passphrase, origin);
            return _opened[encryptionSalt] = manager;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Makes secrets for a new stack; the salt goes into its file as <c>encryptionsalt</c>.</summary>
    /// <exception cref="MissingPassphraseException">There is no passphrase, and nobody to ask.</exception>
    public async Task<(ISecretsManager Manager, string EncryptionSalt)> CreateAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            var (passphrase, origin) = _passphrase ?? await _source.GetAsync(isNew: true, cancellationToken);
            var manager = await Task.Run(() => PassphraseSecretsManager.Create(passphrase, _random), cancellationToken);
            _passphrase = (passphrase, origin);
            _opened[manager.Salt] = manager;
            return (manager, manager.Salt);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public Task<ISecretsManager> OpenAsync(string type, JObject? state, CancellationToken cancellationToken) =>
        type != ProviderType
            ? throw new SecretsException(
                "secrets-provider-unknown",
                $"the state's secrets are kept by \"{type}\"; the embedded engine knows \"{ProviderType}\" only. "
                + "Change it with `pulumi stack change-secrets-provider passphrase`, or run this stack with Pulumi's CLI.")
            : state?.Value<string>("salt") is { Length: > 0 } salt
                ? OpenAsync(salt, cancellationToken)
                : throw new SecretsException(
                    "secrets-salt-invalid",
                    "the state's secrets_providers.state has no \"salt\". Take the last whole copy from the backend's backups folder.");

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        foreach (var manager in _opened.Values)
        {
            manager.Dispose();
        }

        _opening.Dispose();
    }
}
