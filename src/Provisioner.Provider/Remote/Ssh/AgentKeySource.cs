using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>A key of an SSH agent, in the place where SSH.NET expects a key file.</summary>
internal sealed class AgentKeySource(AgentClient agent, AgentKey key) : IPrivateKeySource
{
    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; } = SshWire.TypeOf(key.PublicKey) switch
    {
        null or "ssh-dss" => [],

        // RSA keys sign under two names; ssh-rsa itself is SHA-1, and today's servers refuse it.
        "ssh-rsa" => [new AgentAlgorithm("rsa-sha2-512", agent, key, flags: 4), new AgentAlgorithm("rsa-sha2-256", agent, key, flags: 2)],
        var type => [new AgentAlgorithm(type, agent, key, flags: 0)],
    };

    private sealed class AgentAlgorithm(string name, AgentClient agent, AgentKey key, uint flags) : HostAlgorithm(name)
    {
        public override byte[] Data => key.PublicKey;

        /// <summary>An agent may say no: its owner did, or the key's token is not plugged in. Then it is a key that does not fit.</summary>
        public override byte[] Sign(byte[] data)
        {
            try
            {
                return agent.Sign(key.PublicKey, data, flags);
            }
            catch (Exception failure) when (failure is SocketException or IOException or FormatException)
            {
                throw new SshAuthenticationException($"the SSH agent did not sign with {key.Comment}: {failure.Message}", failure);
            }
        }

        public override bool VerifySignature(byte[] data, byte[] signature) =>
            throw new NotSupportedException("A key that logs in verifies nothing.");
    }
}
