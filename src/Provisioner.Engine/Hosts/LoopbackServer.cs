using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pulumi.Wire.Loopback;

namespace Provisioner.Engine.Hosts;

/// <summary>gRPC in clear on a loopback port of the system's choice, for processes of this user only. What its services do not have is answered UNIMPLEMENTED.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private LoopbackServer(WebApplication application) => _application = application;

    /// <summary>host:port.</summary>
    public string Address { get; private init; } = string.Empty;

    /// <param name="services">Registers the services' objects.</param>
    /// <param name="map">Puts the services on the server.</param>
    /// <param name="onRefused">Told why a connection is not served.</param>
    public static async Task<LoopbackServer> StartAsync(
        Action<IServiceCollection> services, Action<WebApplication> map, Action<string> onRefused, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(serve => connection => LoopbackPeer.ServeAsync(
                    connection.LocalEndPoint, connection.RemoteEndPoint, connection.Transport.Input, () => serve(connection), onRefused));
            });
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = WireLimits.MessageBytes;
            options.MaxSendMessageSize = WireLimits.MessageBytes;
        });
        services(builder.Services);

        var application = builder.Build();
        application.UseRouting();
        map(application);
        await application.StartAsync(cancellationToken);
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new LoopbackServer(application) { Address = new Uri(address).Authority };
    }

    public async ValueTask DisposeAsync()
    {
        // Long polls of programs that are gone must not hold the end up.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(limit.Token);
        await _application.DisposeAsync();
    }
}
