using System.Net.Sockets;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>
/// The two questions that a login asks of an SSH agent (draft-ietf-sshm-ssh-agent, sections 3.5 and 3.6): which keys there
/// are, and a signature by one of them. The private keys never leave the agent.
/// </summary>
internal sealed class AgentClient(string socketPath)
{
    private const byte RequestIdentities = 11;
    private const byte IdentitiesAnswer = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;
    private const int AnswerLimit = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The agent's keys, in its order.</summary>
    /// <exception cref="SocketException">No agent answers there.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    /// <exception cref="FormatException">It answered something else.</exception>
    public IReadOnlyList<AgentKey> Keys()
    {
        ReadOnlySpan<byte> answer = Ask([RequestIdentities], IdentitiesAnswer);
        var keys = new List<AgentKey>();
        for (var left = SshWire.ReadNumber(ref answer); left > 0; left--)
        {
            var blob = SshWire.ReadString(ref answer);
            var comment = System.Text.Encoding.UTF8.GetString(SshWire.ReadString(ref answer));
            keys.Add(new AgentKey(blob, comment));
        }

        return keys;
    }

    /// <summary>A signature in SSH's wire form: the algorithm's name, then its bytes.</summary>
    /// <param name="publicKey">The key, in wire form.</param>
    /// <param name="data">What is signed.</param>
    /// <param name="flags">2 for rsa-sha2-256, 4 for rsa-sha2-512, else 0.</param>
    /// <exception cref="SocketException">No agent answers there.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    /// <exception cref="FormatException">It refused, or answered something else.</exception>
    public byte[] Sign(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, uint flags)
    {
        using var request = new MemoryStream();
        request.WriteByte(SignRequest);
        SshWire.WriteString(request, publicKey);
        SshWire.WriteString(request, data);
        SshWire.WriteNumber(request, flags);
        ReadOnlySpan<byte> answer = Ask(request.ToArray(), SignResponse);
        return SshWire.ReadString(ref answer);
    }

    private byte[] Ask(ReadOnlySpan<byte> request, byte expected)
    {
        // SSH.NET asks for signatures synchronously, so this is synchronous too; a person may have to confirm, hence the wait.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
            SendTimeout = (int)Patience.TotalMilliseconds,
        };
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        using var stream = new NetworkStream(socket);
        using var message = new MemoryStream();
        SshWire.WriteString(message, request);
        stream.Write(message.ToArray());

        var header = new byte[4];
        stream.ReadExactly(header);
        ReadOnlySpan<byte> lengthBytes = header;
        var length = SshWire.ReadNumber(ref lengthBytes);
        if (length is 0 or > AnswerLimit)
        {
            throw new FormatException("The SSH agent's answer has an impossible length.");
        }

        var answer = new byte[length];
        stream.ReadExactly(answer);
        return answer[0] == expected ? answer[1..] : throw new FormatException($"The SSH agent refused (answer {answer[0]}).");
    }
}

/// <summary>A key that an agent holds.</summary>
/// <param name="PublicKey">In wire form.</param>
/// <param name="Comment">What it is called.</param>
internal sealed record AgentKey(byte[] PublicKey, string Comment);
