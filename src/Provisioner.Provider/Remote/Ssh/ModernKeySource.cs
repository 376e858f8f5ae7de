using Renci.SshNet;
using Renci.SshNet.Security;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>A private key without the ways to sign that nobody should take any more; an RSA key has three, of which one is SHA-1.</summary>
internal sealed class ModernKeySource(IPrivateKeySource key) : IPrivateKeySource
{
    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; } = [.. key.HostKeyAlgorithms.Where(algorithm => SshAlgorithms.MaySign(algorithm.Name))];
}
