namespace Provisioner.Engine.Secrets;

/// <summary>Secrets cannot be read or written.</summary>
public class SecretsException(string code, string message, Exception? innerException = null) : EngineException(code, message, innerException);

/// <summary>The passphrase does not open the stack.</summary>
public sealed class IncorrectPassphraseException(string source)
    : SecretsException(
        "incorrect-passphrase",
        $"incorrect passphrase (from {source}): it does not open this stack's secrets. "
        + $"Give the one the stack was made with in {PassphraseSource.Variable}, or a file that holds it in {PassphraseSource.FileVariable}.");

/// <summary>Nobody gave a passphrase.</summary>
public sealed class MissingPassphraseException()
    : SecretsException(
        "missing-passphrase",
        $"passphrase must be set: give the stack's passphrase in {PassphraseSource.Variable} (an empty one is valid), "
        + $"or a file that holds it in {PassphraseSource.FileVariable}, or run on a terminal to be asked for it.");
