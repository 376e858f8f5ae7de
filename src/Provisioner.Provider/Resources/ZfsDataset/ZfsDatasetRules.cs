using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Resources.ZfsDataset;

/// <summary>What can be wrong with the inputs of a file system. No reason quotes a key.</summary>
internal static class ZfsDatasetRules
{
    private static readonly string[] Ciphers = ["on", "off", "aes-128-ccm", "aes-192-ccm", "aes-256-ccm", "aes-128-gcm", "aes-192-gcm", "aes-256-gcm"];

    public static ImmutableArray<Rule<ZfsDatasetArgs>> All { get; } =
    [
        Rule<ZfsDatasetArgs>.Of(args => ZfsNames.PoolProblem(args.Pool), nameof(ZfsDatasetArgs.Pool)),
        Rule<ZfsDatasetArgs>.Of(args => ZfsNames.GuidProblem(args.PoolGuid), nameof(ZfsDatasetArgs.PoolGuid)),
        Rule<ZfsDatasetArgs>.Of(args => ZfsNames.DatasetProblem(args.Pool, args.Name), nameof(ZfsDatasetArgs.Name), nameof(ZfsDatasetArgs.Pool)),
        Rule<ZfsDatasetArgs>.Of(args => ZfsNames.PropertiesProblem(args.Properties, FileSystemProperties.Known, FileSystemProperties.Elsewhere), nameof(ZfsDatasetArgs.Properties)),
        Rule<ZfsDatasetArgs>.Of(
            args => args.Encryption is null || Ciphers.Contains(args.Encryption) ? null : $"must be one of {string.Join(", ", Ciphers)}, but is \"{args.Encryption}\"", nameof(ZfsDatasetArgs.Encryption)),
        Rule<ZfsDatasetArgs>.Of(args => args.Installation is { } name ? ZfsNames.InstallationProblem(name) : null, nameof(ZfsDatasetArgs.Installation)),
        Rule<ZfsDatasetArgs>.Of(KeyProblem, nameof(ZfsDatasetArgs.Key), nameof(ZfsDatasetArgs.Encryption), nameof(ZfsDatasetArgs.KeyFormat)),
    ];

    private static string? KeyProblem(ZfsDatasetArgs args) => (args.Encryption, args.Key, args.KeyFormat) switch
    {
        (null or "off", null, _) => null,
        (null or "off", _, _) => "is given, but encryption is not; set encryption to \"on\", or leave the key out",
        (_, null or "", _) => "is missing; set it as a secret (./provision config set --secret), or leave encryption out",
        (_, { } key, ZfsKeyFormat.Hex) => key.Length == 64 && key.All(char.IsAsciiHexDigit) ? null : "must be 64 hex digits for keyFormat \"hex\"; openssl rand -hex 32 makes such a key",
        (_, { } key, _) => key.Length is >= 8 and <= 512 && !key.Any(char.IsControl) && Remote.ShellQuoting.CanQuote(key)
            ? null
            : "must have 8 to 512 characters on one line for keyFormat \"passphrase\"",
    };
}
