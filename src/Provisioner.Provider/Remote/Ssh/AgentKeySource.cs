using Renci.SshNet;
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

        public override byte[] Sign(byte[] data) => agent.Sign(key.PublicKey, data, flags);

        public override bool VerifySignature(byte[] data, byte[] signature) =>
            throw new NotSupportedException("A key that logs in verifies nothing.");
    }
}
