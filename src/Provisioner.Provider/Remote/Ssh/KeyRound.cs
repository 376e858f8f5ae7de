using Renci.SshNet;
using Renci.SshNet.Security;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>
/// The keys of one connection, and how many of them the device was asked about: it ends the connection after a number of
/// refused keys that only it knows (sshd's MaxAuthTries), and the others are for the next one.
/// </summary>
internal sealed class KeyRound
{
    private readonly IReadOnlyList<LoginKey> _keys;
    private readonly HashSet<LoginKey> _asked = [];

    public KeyRound(IReadOnlyList<LoginKey> keys)
    {
        _keys = keys;
        Sources = [.. keys.Select(key => new Watched(key.Source, () => _asked.Add(key)))];
    }

    /// <summary>The keys, as SSH.NET takes them.</summary>
    public IReadOnlyList<IPrivateKeySource> Sources { get; }

    /// <summary>Those that the device was asked about.</summary>
    public IReadOnlyList<LoginKey> Asked => [.. _keys.Where(_asked.Contains)];

    private sealed class Watched(IPrivateKeySource key, Action ask) : IPrivateKeySource
    {
        public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; } = [.. key.HostKeyAlgorithms.Select(algorithm => new WatchedAlgorithm(algorithm, ask))];
    }

    private sealed class WatchedAlgorithm(HostAlgorithm algorithm, Action ask) : HostAlgorithm(algorithm.Name)
    {
        public override byte[] Data
        {
            get
            {
                ask();
                return algorithm.Data;
            }
        }

        public override byte[] Sign(byte[] data) => algorithm.Sign(data);

        public override bool VerifySignature(byte[] data, byte[] signature) => algorithm.VerifySignature(data, signature);
    }
}

/// <summary>A key that may log in, and what people call it.</summary>
internal sealed record LoginKey(IPrivateKeySource Source, string Name);
