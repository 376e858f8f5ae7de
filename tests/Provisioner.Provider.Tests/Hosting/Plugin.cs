using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Provisioner.Provider.Hosting;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Hosting;

/// <summary>The provider's server with resources of the test's choice, asked over gRPC as an engine does.</summary>
internal sealed class Plugin : IAsyncDisposable
{
    private readonly ProviderSession _session;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private Plugin(ProviderSession session, WebApplication app, EngineRecorder engine)
    {
        (_session, _app, Engine) = (session, app, engine);
        Port = EngineRecorder.PortOf(app);
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{Port}");
        Client = new ResourceProvider.ResourceProviderClient(_channel);
    }

    public ResourceProvider.ResourceProviderClient Client { get; }

    public EngineRecorder Engine { get; }

    public int Port { get; }

    public static Task<Plugin> StartAsync(PropertyMap config, params IResourceHandler[] handlers) => StartAsync(AllResources.Package(handlers), config);

    public static async Task<Plugin> StartAsync(ProviderPackage package, PropertyMap config)
    {
        var engine = await EngineRecorder.StartAsync();
        var session = new ProviderSession(package, TimeProvider.System);
        var app = PluginHost.Build(session);
        await app.StartAsync();
        var plugin = new Plugin(session, app, engine);
        await plugin.Client.HandshakeAsync(new ProviderHandshakeRequest { EngineAddress = engine.Address });
        await plugin.Client.ConfigureAsync(new ConfigureRequest { Args = PropertyCodec.Encode(config), AcceptSecrets = true });
        return plugin;
    }

    public static string Urn(string type, string name) => $"urn:pulumi:dev::lamp::{type}::{name}";

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _session.DisposeAsync();
        await _app.DisposeAsync();
        await Engine.DisposeAsync();
    }
}

/// <summary>An engine's side channel that remembers what it was told.</summary>
internal sealed class EngineRecorder : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EngineRecorder(WebApplication app, ConcurrentQueue<LogRequest> log) => (_app, Log) = (app, log);

    public ConcurrentQueue<LogRequest> Log { get; }

    public string Address => $"127.0.0.1:{PortOf(_app)}";

    /// <summary>What was said with a severity, without status lines.</summary>
    public IEnumerable<string> Said(LogSeverity severity) => Log.Where(entry => entry.Severity == severity && !entry.Ephemeral).Select(entry => entry.Message);

    public static async Task<EngineRecorder> StartAsync()
    {
        var log = new ConcurrentQueue<LogRequest>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(log);
        var app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        return new EngineRecorder(app, log);
    }

    public static int PortOf(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class Service(ConcurrentQueue<LogRequest> log) : Engine.EngineBase
    {
        public override Task<Empty> Log(LogRequest request, ServerCallContext context)
        {
            log.Enqueue(request);
            return Task.FromResult(new Empty());
        }
    }
}
