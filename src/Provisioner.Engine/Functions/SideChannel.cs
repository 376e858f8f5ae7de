using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Functions;

/// <summary>The port that a plugin writes its messages to, and by which it sees that somebody still wants it.</summary>
internal sealed class SideChannel : IAsyncDisposable
{
    private readonly WebApplication _application;

    private SideChannel(WebApplication application) => _application = application;

    /// <summary>host:port.</summary>
    public string Address { get; private init; } = string.Empty;

    public static async Task<SideChannel> StartAsync(Action<string> onMessage, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new Service(onMessage));
        var application = builder.Build();
        application.UseRouting();
        application.MapGrpcService<Service>();
        await application.StartAsync(cancellationToken);
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new SideChannel(application) { Address = new Uri(address).Authority };
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private sealed class Service(Action<string> onMessage) : Pulumi.Wire.Rpc.Engine.EngineBase
    {
        public override Task<Empty> Log(LogRequest request, ServerCallContext context)
        {
            if (request.Severity is LogSeverity.Warning or LogSeverity.Error)
            {
                onMessage(request.Message);
            }

            return Task.FromResult(new Empty());
        }
    }
}
