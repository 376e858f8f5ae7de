using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using Provisioner.Provider.Errors;
using Pulumi.Wire;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>The keys that may log in, from the provider's configuration.</summary>
internal static class SshCredentials
{
    // sshd closes the connection after six refused keys (MaxAuthTries).
    private const int MostKeys = 5;

    private const int LargestFile = 256 << 10;

    private static readonly string[] UsualFiles = ["id_ed25519", "id_ecdsa", "id_rsa"];

    /// <summary>The keys, and what they are called in an error.</summary>
    /// <exception cref="InputInvalidException">A key that is configured cannot be read.</exception>
    public static (IReadOnlyList<IPrivateKeySource> Keys, string Description) Load(RemoteOptions options)
    {
        var keys = new List<IPrivateKeySource>();
        var names = new List<string>();
        if (options.PrivateKey is { Length: > 0 } text)
        {
            keys.Add(Read(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").Trim() + "\n"), options, "privateKey"));
            names.Add("the configured private key");
        }

        if (options.PrivateKeyFile is { Length: > 0 } file)
        {
            var path = HomePath.Expand(file);
            keys.Add(Read(ReadFile(path, options), options, path));
            names.Add(path);
        }

        var isConfigured = keys.Count > 0 || options.Password is not null;
        if (options.UseAgent ?? !isConfigured)
        {
            AddAgent(options, keys, names, isRequired: options.UseAgent == true);
        }

        if (!isConfigured && options.UseAgent is null)
        {
            AddUsualFiles(options, keys, names);
        }

        return ([.. keys.Take(MostKeys)], names.Count == 0 ? "no key at all" : string.Join(", ", names));
    }

    /// <summary>The private key files that are used, whether or not they are there.</summary>
    public static IEnumerable<string> FilesOf(RemoteOptions options) =>
        options.PrivateKeyFile is { Length: > 0 } file ? [HomePath.Expand(file)]
        : options.PrivateKey is { Length: > 0 } || options.Password is not null || options.UseAgent is not null ? []
        : UsualFiles.Select(name => HomePath.Expand($"~/.ssh/{name}"));

    /// <summary>The same keys as people write them into authorized_keys, each the base64 part; none where one of them cannot be read.</summary>
    public static ImmutableArray<string> PublicKeys(RemoteOptions options)
    {
        try
        {
            return [.. Load(options).Keys.SelectMany(key => key.HostKeyAlgorithms.Take(1)).Select(algorithm => Convert.ToBase64String(algorithm.Data)).Distinct()];
        }
        catch (InputInvalidException)
        {
            return [];
        }
    }

    private static void AddAgent(RemoteOptions options, List<IPrivateKeySource> keys, List<string> names, bool isRequired)
    {
        var socket = options.AgentSocket ?? Environment.GetEnvironmentVariable("SSH_AUTH_SOCK");
        if (string.IsNullOrEmpty(socket))
        {
            if (isRequired)
            {
                throw Unreadable("The SSH agent cannot be asked", "useAgent", "SSH_AUTH_SOCK is not set, and no agentSocket is configured");
            }

            return;
        }

        try
        {
            var agent = new AgentClient(HomePath.Expand(socket));
            var held = agent.Keys();
            keys.AddRange(held.Select(key => new AgentKeySource(agent, key)).Where(source => source.HostKeyAlgorithms.Count > 0));
            names.Add(held.Count == 0 ? "the SSH agent (it holds no key)" : $"the SSH agent's {string.Join(", ", held.Select(key => key.Comment))}");
        }
        catch (Exception failure) when (failure is SocketException or IOException or FormatException)
        {
            if (isRequired)
            {
                throw Unreadable("The SSH agent does not answer", socket, failure.Message);
            }
        }
    }

    private static void AddUsualFiles(RemoteOptions options, List<IPrivateKeySource> keys, List<string> names)
    {
        foreach (var path in FilesOf(options).Where(File.Exists))
        {
            try
            {
                keys.Add(Read(ReadFile(path, options), options, path));
                names.Add(path);
            }
            catch (InputInvalidException)
            {
                // Nobody asked for this file: that it is encrypted, or not ours to read, is no error.
                names.Add($"{path} (it cannot be read without a passphrase)");
            }
        }
    }

    private static ModernKeySource Read(byte[] content, RemoteOptions options, string where)
    {
        var passphrase = options.Passphrase;
        try
        {
            if (!OpenSshKeyForm.IsWhole(content))
            {
                throw new FormatException("it is not whole");
            }

            if (PassphraseWork.Excess(content) is { } excess)
            {
                throw Unreadable("The private key is not opened", where, excess, "let its passphrase ask for less: ssh-keygen -p -a 100 -f FILE");
            }

            using var stream = new MemoryStream(content, writable: false);
            var key = new ModernKeySource(string.IsNullOrEmpty(passphrase) ? new PrivateKeyFile(stream) : new PrivateKeyFile(stream, passphrase));
            return key.HostKeyAlgorithms.Count > 0 ? key : throw Unreadable("The private key is of a kind that no machine takes any more", where, "it is a DSA key", "make another one: ssh-keygen -t ed25519");
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            throw Unreadable("The private key is encrypted, and no passphrase is configured", where, null, $"set it: {options.Advice.Passphrase}");
        }
        // The library reads keys of a dozen forms, and what it throws depends on which byte is spoilt.
        catch (Exception failure) when (failure is not (ProviderException or OutOfMemoryException))
        {
            throw Unreadable(
                string.IsNullOrEmpty(passphrase) ? "The private key cannot be read" : "The private key cannot be read, or its passphrase is another one",
                where,
                "it must be a whole OpenSSH or PEM private key, from its BEGIN line to its END line");
        }
    }

    private static byte[] ReadFile(string path, RemoteOptions options)
    {
        try
        {
            using var file = RegularFile.OpenRead(path);
            return BoundedStream.ToEnd(file, LargestFile) ?? throw new IOException($"it has more than {LargestFile >> 10} KiB, so it is no private key");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("The private key file cannot be read", path, failure.Message, $"name another one: {options.Advice.PrivateKey}");
        }
    }

    private static InputInvalidException Unreadable(string what, string where, string? why, string? next = null) =>
        new(what) { Where = where, Why = why, Next = next };
}
