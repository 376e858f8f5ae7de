using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Provisioner.Provider.Modelling;
using Pulumi.Wire.Loopback;

namespace Provisioner.Provider.Hosting;

/// <summary>
/// The plugin process: serves gRPC in clear on a loopback port of the system's choice, tells the port in the first line of
/// stdout, writes nothing else there, and ends when it is told to or when its engine is gone.
/// </summary>
internal static class PluginHost
{
    // Pulumi's engine and plugins agree on this many bytes for one message (400 MiB).
    private const int LargestMessage = 419_430_400;

    /// <summary>Semantic version of this build.</summary>
    public static string Version { get; } =
        typeof(PluginHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Runs until the end; the exit code.</summary>
    public static async Task<int> RunAsync(ProviderPackage package, string[] args)
    {
        // SSH.NET blocks threads of the pool in its logins; a pool as small as a Pi's cores would grow too slowly.
        ThreadPool.SetMinThreads(32, 32);

        // Whatever a library might print would be taken for the port.
        await using var stdout = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);

        await using var session = new ProviderSession(package, TimeProvider.System);
        await using var app = Build(session);
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopping.Register(session.CancelAll);
        await app.StartAsync();
        if (PluginArguments.Parse(args).EngineAddress is { } engine)
        {
            session.Attach(engine);
        }

        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        await stdout.WriteAsync(Encoding.ASCII.GetBytes(port.ToString(CultureInfo.InvariantCulture) + "\n"));
        await stdout.FlushAsync();

        var watch = EngineWatch.RunAsync(() => session.EngineAddress, lifetime.StopApplication, TimeProvider.System, lifetime.ApplicationStopping);
        await app.WaitForShutdownAsync();
        await watch;
        return 0;
    }

    /// <summary>The server, not started yet.</summary>
    public static WebApplication Build(ProviderSession session)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;

                // What a provider does it does for its own user: a process of another one gets no byte.
                listen.Use(serve => connection => LoopbackPeer.ServeAsync(
                    connection.LocalEndPoint,
                    connection.RemoteEndPoint,
                    connection.Transport.Input,
                    () => serve(connection),
                    refusal => Console.Error.WriteLine($"At the plugin's port {refusal}.")));
            });
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        builder.Services.AddSingleton(session);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = LargestMessage;
            grpc.MaxSendMessageSize = LargestMessage;
        });
        var app = builder.Build();
        app.MapGrpcService<ProviderService>();
        return app;
    }
}
