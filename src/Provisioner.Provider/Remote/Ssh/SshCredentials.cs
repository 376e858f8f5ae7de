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
    private const int LargestFile = 256 << 10;

    private static readonly string[] UsualFiles = ["id_ed25519", "id_ecdsa", "id_rsa"];

    /// <summary>The keys in the order in which they are tried, and what gave none.</summary>
    /// <exception cref="InputInvalidException">A key that is configured cannot be read.</exception>
    public static (IReadOnlyList<LoginKey> Keys, IReadOnlyList<string> Remarks) Load(RemoteOptions options)
    {
        var keys = new List<LoginKey>();
        var remarks = new List<string>();
        if (options.PrivateKey is { Length: > 0 } text)
        {
            keys.Add(Configured(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").Trim() + "\n"), options, "privateKey", null) with { Name = "the configured private key" });
        }

        if (options.PrivateKeyFile is { Length: > 0 } file)
        {
            var path = HomePath.Expand(file);
            keys.Add(Configured(ReadFile(path, options), options, path, path));
        }

        var isConfigured = keys.Count > 0 || options.Password is not null;
        if (options.UseAgent ?? !isConfigured)
        {
            AddAgent(options, keys, remarks, isRequired: options.UseAgent == true);
        }

        if (!isConfigured && options.UseAgent is null)
        {
            AddUsualFiles(options, keys, remarks);
        }

        // An agent mostly holds the usual files, too, and a server counts every try.
        return ([.. keys.DistinctBy(key => PublicKeyOf(key.Source))], remarks);
    }

    /// <summary>Whether a file holds a public key: it then names a key of the agent's, and may be read by everybody.</summary>
    public static bool IsPublicKey(string path)
    {
        try
        {
            return PublicKeyLine.Read(ReadFile(path, new RemoteOptions())) is not null;
        }
        catch (InputInvalidException)
        {
            return false;
        }
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
            return [.. Load(options).Keys.Select(key => PublicKeyOf(key.Source))];
        }
        catch (InputInvalidException)
        {
            return [];
        }
    }

    private static string PublicKeyOf(IPrivateKeySource key) => Convert.ToBase64String(key.HostKeyAlgorithms.First().Data);

    /// <summary>
    /// A key that somebody named. A public key, as ssh takes it too, names the agent's key of which it is one half; and so does a
    /// private key that is encrypted, where nobody gave its passphrase.
    /// </summary>
    /// <param name="content">What was named.</param>
    /// <param name="options">How devices are reached.</param>
    /// <param name="where">What it is called in an error.</param>
    /// <param name="path">Its file; null for none.</param>
    private static LoginKey Configured(byte[] content, RemoteOptions options, string where, string? path)
    {
        if (PublicKeyLine.Read(content) is { } half)
        {
            if (AgentKeyOf(half, options, out var why) is { } held)
            {
                return new LoginKey(held, $"{where} (held by the SSH agent)");
            }

            const string Ending = ".pub";
            var beside = path is not null && path.EndsWith(Ending, StringComparison.Ordinal) ? path[..^Ending.Length] : null;
            return beside is not null && File.Exists(beside) && PublicKeyLine.Read(ReadFile(beside, options)) is null
                ? Configured(ReadFile(beside, options), options, beside, beside)
                : throw Unreadable("This is a public key, and the private key to it is not at hand", where, why, $"add it to the agent (ssh-add), or name the private key: {options.Advice.PrivateKey}");
        }

        try
        {
            return new LoginKey(Read(content, options, where), where);
        }
        catch (KeyEncryptedException encrypted)
        {
            var publicHalf = OpenSshKeyForm.PublicKey(content) ?? (path is not null && File.Exists(path + ".pub") ? PublicKeyLine.Read(ReadFile(path + ".pub", options)) : null);
            var why = "which key it is cannot be seen while it is encrypted, and no .pub file lies beside it";
            return publicHalf is not null && AgentKeyOf(publicHalf, options, out why) is { } held
                ? new LoginKey(held, $"{where} (held by the SSH agent)")
                : throw Unreadable("The private key is encrypted, and no passphrase is configured", where, why, $"set it: {options.Advice.Passphrase}; or add the key to the agent: ssh-add {path ?? "FILE"}", encrypted);
        }
    }

    /// <summary>The agent's key that has this public half; null, and why, when there is none.</summary>
    private static AgentKeySource? AgentKeyOf(byte[] publicKey, RemoteOptions options, out string why)
    {
        if (options.UseAgent == false)
        {
            why = "and the SSH agent is not asked, because useAgent is false";
            return null;
        }

        if (AgentOf(options) is not { } agent)
        {
            why = "and there is no SSH agent: SSH_AUTH_SOCK is not set, and no agentSocket is configured";
            return null;
        }

        try
        {
            var held = agent.Keys();
            why = $"and the SSH agent does not hold it ({(held.Count == 0 ? "it holds no key" : $"it holds {string.Join(", ", held.Select(key => key.Comment))}")})";
            return held.Where(key => key.PublicKey.AsSpan().SequenceEqual(publicKey)).Select(key => new AgentKeySource(agent, key)).FirstOrDefault(key => key.HostKeyAlgorithms.Count > 0);
        }
        catch (Exception failure) when (failure is SocketException or IOException or FormatException)
        {
            why = $"and the SSH agent does not answer: {failure.Message}";
            return null;
        }
    }

    private static AgentClient? AgentOf(RemoteOptions options) =>
        (options.AgentSocket ?? Environment.GetEnvironmentVariable("SSH_AUTH_SOCK")) is { Length: > 0 } socket ? new AgentClient(HomePath.Expand(socket)) : null;

    private static void AddAgent(RemoteOptions options, List<LoginKey> keys, List<string> remarks, bool isRequired)
    {
        if (AgentOf(options) is not { } agent)
        {
            if (isRequired)
            {
                throw Unreadable("The SSH agent cannot be asked", "useAgent", "SSH_AUTH_SOCK is not set, and no agentSocket is configured");
            }

            return;
        }

        try
        {
            var held = agent.Keys();
            keys.AddRange(held.Select(key => new LoginKey(new AgentKeySource(agent, key), $"the SSH agent's {key.Comment}")).Where(key => key.Source.HostKeyAlgorithms.Count > 0));
            if (held.Count == 0)
            {
                remarks.Add("the SSH agent (it holds no key)");
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException or FormatException)
        {
            if (isRequired)
            {
                throw Unreadable("The SSH agent does not answer", options.AgentSocket ?? "SSH_AUTH_SOCK", failure.Message);
            }
        }
    }

    private static void AddUsualFiles(RemoteOptions options, List<LoginKey> keys, List<string> remarks)
    {
        foreach (var path in FilesOf(options).Where(File.Exists))
        {
            try
            {
                keys.Add(new LoginKey(Read(ReadFile(path, options), options, path), path));
            }
            catch (KeyEncryptedException)
            {
                // Nobody asked for this file: that it is encrypted, or not ours to read, is no error.
                remarks.Add($"{path} (it cannot be read without a passphrase)");
            }
            catch (InputInvalidException unreadable)
            {
                remarks.Add($"{path} ({unreadable.What})");
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
            throw new KeyEncryptedException();
        }
        // The library reads keys of a dozen forms, and what it throws depends on which byte is spoilt.
        catch (Exception failure) when (failure is not (ProviderException or KeyEncryptedException or OutOfMemoryException))
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
            return RegularFile.Read(path, LargestFile) ?? throw new IOException($"it has more than {LargestFile >> 10} KiB, so it is no private key");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("The private key file cannot be read", path, failure.Message, $"name another one: {options.Advice.PrivateKey}");
        }
    }

    private static InputInvalidException Unreadable(string what, string where, string? why, string? next = null, Exception? inner = null) =>
        new(what, inner) { Where = where, Why = why, Next = next };

    /// <summary>A private key that is encrypted, and no passphrase.</summary>
    private sealed class KeyEncryptedException : Exception;
}
