using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Provisioner.Engine.Hosts;

namespace Provisioner.Engine.Deployments.Monitor;

/// <summary>The port that programs and plugins talk to: HTTP/2 in clear on the loopback interface. What the services do not have is answered UNIMPLEMENTED.</summary>
internal sealed class MonitorServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private MonitorServer(WebApplication application) => _application = application;

    /// <summary>host:port.</summary>
    public string Address { get; private init; } = string.Empty;

    public static async Task<MonitorServer> StartAsync(ResourceMonitorService monitor, EngineService engine, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = WireLimits.MessageBytes;
            options.MaxSendMessageSize = WireLimits.MessageBytes;
        });
        builder.Services.AddSingleton(monitor);
        builder.Services.AddSingleton(engine);

        var application = builder.Build();
        application.UseRouting();
        application.MapGrpcService<ResourceMonitorService>();
        application.MapGrpcService<EngineService>();
        await application.StartAsync(cancellationToken);
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new MonitorServer(application) { Address = new Uri(address).Authority };
    }

    public async ValueTask DisposeAsync()
    {
        // Long polls of programs that are gone must not hold the end up.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(limit.Token);
        await _application.DisposeAsync();
    }
}
