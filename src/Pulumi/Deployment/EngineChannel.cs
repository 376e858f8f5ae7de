using Grpc.Core;
using Grpc.Net.Client;
using Pulumi.Wire.Loopback;

namespace Pulumi.Runtime;

/// <summary>Connections to the engine on this machine.</summary>
internal static class EngineChannel
{
    /// <summary>400 MiB, the limit that all of Pulumi's ends use.</summary>
    private const int MaxMessageSize = 400 * 1024 * 1024;

    /// <param name="address">host:port</param>
    public static GrpcChannel Open(string address) => GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions
    {
        Credentials = ChannelCredentials.Insecure,
        MaxReceiveMessageSize = MaxMessageSize,
        MaxSendMessageSize = MaxMessageSize,
        DisposeHttpClient = true,
        HttpHandler = LoopbackPeer.CreateHandler(),
    });
}
