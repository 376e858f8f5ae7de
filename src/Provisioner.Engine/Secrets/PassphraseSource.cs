using System.Text;
using Pulumi.Wire;

namespace Provisioner.Engine.Secrets;

/// <summary>Asks a person for a passphrase.</summary>
/// <param name="isNew">A new stack's: it is to be asked for twice.</param>
public delegate Task<string> PassphrasePrompt(bool isNew, CancellationToken cancellationToken);

/// <summary>Where the passphrase comes from: the environment, a file that the environment names, or a person.</summary>
/// <param name="variable">Reads an environment variable; null where it is not set.</param>
/// <param name="prompt">Asks a person; null where nobody can be asked.</param>
public sealed class PassphraseSource(Func<string, string?> variable, PassphrasePrompt? prompt = null)
{
    /// <summary>The passphrase itself. Wins over <see cref="FileVariable"/>; an empty one is valid.</summary>
    public const string Variable = "PULUMI_CONFIG_PASSPHRASE";

    /// <summary>A file that holds the passphrase.</summary>
    public const string FileVariable = "PULUMI_CONFIG_PASSPHRASE_FILE";

    private const int LargestFile = 64 << 10;

    /// <summary>The variables that no child process may inherit.</summary>
    public static IReadOnlyList<string> SecretVariables { get; } = [Variable, FileVariable];

    /// <exception cref="MissingPassphraseException">There is none, and nobody to ask.</exception>
    internal async Task<(string Passphrase, string Origin)> GetAsync(bool isNew, CancellationToken cancellationToken)
    {
        if (variable(Variable) is { } passphrase)
        {
            return (passphrase, Variable);
        }

        if (variable(FileVariable) is { Length: > 0 } path)
        {
            return (await ReadAsync(path, cancellationToken), $"{FileVariable}={path}");
        }

        return prompt is null
            ? throw new MissingPassphraseException()
            : (await prompt(isNew, cancellationToken), "the terminal");
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            // It may be a pipe, such as the one of a password manager; a device without an end is none.
            await using var file = File.OpenRead(path);
            var content = await Task.Run(() => BoundedStream.ToEnd(file, LargestFile), cancellationToken) ?? throw new IOException($"it has more than {LargestFile >> 10} KiB.");
            using var reader = new StreamReader(new MemoryStream(content), Encoding.UTF8);
            return (await reader.ReadToEndAsync(cancellationToken)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SecretsException(
                "missing-passphrase",
                $"{FileVariable} names {path}, which cannot be read: {exception.Message} Correct the path, or give the passphrase in {Variable}.",
                exception);
        }
    }
}
