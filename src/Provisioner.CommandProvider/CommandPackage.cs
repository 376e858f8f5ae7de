using System.Security.Cryptography;
using Provisioner.CommandProvider.Local;
using Provisioner.CommandProvider.Remote;
using Provisioner.Provider.Hosting;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.CommandProvider;

/// <summary>The package <c>command</c>: tokens, properties and state as Pulumi's own provider of that name has them.</summary>
internal static class CommandPackage
{
    // The version of Pulumi's package whose properties these are; SDKs ask for a version like it.
    private const string Version = "1.2.1";

    public static ProviderPackage Create(ConnectionPool pool) =>
        ProviderPackage.Of<NoConfiguration>(
            "command",
            Version,
            [],
            _ => new RemoteOptions(),
            new LocalCommandHandler(RandomNumberGenerator.Fill),
            new RemoteCommandHandler(pool, RandomNumberGenerator.Fill),
            new CopyToRemoteHandler(pool, RandomNumberGenerator.Fill)) with
        {
            Functions = [new RunFunction()],
        };

    [Doc("Runs commands and copies files, on this machine or on another one over SSH, as part of a stack. It has no configuration of its own.")]
    private sealed record NoConfiguration;
}
