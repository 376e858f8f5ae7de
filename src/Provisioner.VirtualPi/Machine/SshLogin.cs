using CliWrap;
using CliWrap.Buffered;
using Provisioner.VirtualPi.Files;

namespace Provisioner.VirtualPi;

/// <summary>How to log in to a virtual Pi as root: everything that ssh must be told.</summary>
/// <param name="Host">Always 127.0.0.1.</param>
/// <param name="Port">The forwarded port: over the WiFi, or the service port.</param>
/// <param name="KeyFile">The private key, 0600.</param>
/// <param name="KnownHostsFile">Names the machine's host key for both ports.</param>
public sealed record SshLogin(string Host, int Port, string KeyFile, string KnownHostsFile)
{
    /// <summary>The user: root.</summary>
    public string User { get; } = "root";

    /// <summary>The arguments for <c>ssh</c>, the destination last; a command may follow.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        // The user's own configuration may point anywhere, so none is read.
        "-F", "/dev/null", "-i", KeyFile, "-o", "IdentitiesOnly=yes", "-o", $"UserKnownHostsFile=\"{KnownHostsFile}\"",
        "-o", "GlobalKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=yes", "-o", "ControlPath=none", "-o", "LogLevel=ERROR",
        "-p", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), $"{User}@{Host}",
    ];

    /// <summary>Makes the login key, once for all machines.</summary>
    internal static async Task<string> EnsureKeyAsync(PiHome home, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(home.LoginKeyFile)!;
        PrivateFiles.MakeFolder(folder);
        var publicKey = home.LoginKeyFile + ".pub";
        using (await FileLock.TakeAsync(Path.Combine(folder, "login.lock"), home.Time, cancellationToken))
        {
            // The public half is moved into place last: where it is, the pair is whole.
            if (!File.Exists(publicKey))
            {
                var draft = home.LoginKeyFile + ".new";
                File.Delete(draft);
                File.Delete(draft + ".pub");
                try
                {
                    await Cli.Wrap("ssh-keygen")
                        .WithArguments(["-q", "-t", "ed25519", "-N", "", "-C", "login@virtual-pi", "-f", draft])
                        .ExecuteBufferedAsync(cancellationToken);
                    File.Move(draft, home.LoginKeyFile, overwrite: true);
                    File.Move(draft + ".pub", publicKey, overwrite: true);
                }
                finally
                {
                    File.Delete(draft);
                    File.Delete(draft + ".pub");
                }
            }
        }

        return await File.ReadAllTextAsync(publicKey, cancellationToken);
    }
}

/// <summary>What a command in the virtual Pi came to.</summary>
public sealed record PiCommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>What it printed, when it succeeded.</summary>
    /// <exception cref="PiException">Its exit code is not 0.</exception>
    public string Succeeded() =>
        ExitCode == 0 ? Output : throw new PiException($"The command in the virtual Pi failed with exit code {ExitCode}: {Error.Trim()}");
}
