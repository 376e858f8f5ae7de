using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Provisioner.Engine.Hosts;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Functions;

/// <summary>The port that a plugin writes its messages to, and by which it sees that somebody still wants it.</summary>
internal sealed class SideChannel(Action<string> onMessage) : Pulumi.Wire.Rpc.Engine.EngineBase
{
    /// <param name="onMessage">Told every warning and error.</param>
    public static Task<LoopbackServer> StartAsync(Action<string> onMessage, CancellationToken cancellationToken) => LoopbackServer.StartAsync(
        services => services.AddSingleton(new SideChannel(onMessage)), server => server.MapGrpcService<SideChannel>(), onMessage, cancellationToken);

    public override Task<Empty> Log(LogRequest request, ServerCallContext context)
    {
        if (request.Severity is LogSeverity.Warning or LogSeverity.Error)
        {
            onMessage(request.Message);
        }

        return Task.FromResult(new Empty());
    }
}
