using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pulumi.Runtime;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Pulumi.Tests;

/// <summary>
/// A double of Pulumi's engine as a program sees it: a real gRPC server on loopback that records every request. It differs from
/// the real one in that it plans nothing and calls no provider: a registration is answered with its own inputs as outputs, a URN
/// made by the real rule and the id "&lt;name&gt;-id" (empty in a preview), unless a test says otherwise.
/// </summary>
internal sealed class RecordingEngine : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _holds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _arrivals = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _firstError = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RecordingEngine(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new MonitorService(this));
        builder.Services.AddSingleton(new EngineService(this));
        _server = builder.Build();
        _server.MapGrpcService<MonitorService>();
        _server.MapGrpcService<EngineService>();
    }

    public ConcurrentQueue<RegisterResourceRequest> Registrations { get; } = [];

    public ConcurrentQueue<ReadResourceRequest> Reads { get; } = [];

    public ConcurrentQueue<RegisterResourceOutputsRequest> Outputs { get; } = [];

    public ConcurrentQueue<ResourceInvokeRequest> Invokes { get; } = [];

    public ConcurrentQueue<LogRequest> Logs { get; } = [];

    /// <summary>The names of requests in the order in which they were answered.</summary>
    public ConcurrentQueue<string> Answered { get; } = [];

    public ImmutableHashSet<string> Features { get; set; } = ["resourceReferences", "aliasSpecs", "deletedWith", "replaceWith", "outputValues"];

    public bool HasShutdownCall { get; set; } = true;

    /// <summary>What a read finds; what was asked with, unless a test says otherwise.</summary>
    public Func<ReadResourceRequest, Google.Protobuf.WellKnownTypes.Struct> AnswerRead { get; set; } = request => request.Properties;

    public bool TakesLogs { get; set; } = true;

    /// <summary>Changes the answer to a registration, or throws an RpcException in its place.</summary>
    public Action<RegisterResourceRequest, RegisterResourceResponse> Answer { get; set; } = (_, _) => { };

    public Func<ResourceInvokeRequest, ResourceInvokeResponse> AnswerInvoke { get; set; } =
        _ => throw new RpcException(new Status(StatusCode.Unknown, "no such function"));

    /// <summary>What the program could not tell the engine.</summary>
    public StringWriter Errors { get; } = new();

    public int Shutdowns { get; private set; }

    public bool IsDryRun { get; private set; }

    public IEnumerable<string> ErrorLogs => Logs.Where(log => log.Severity == LogSeverity.Error).Select(log => log.Message);

    public static async Task<RecordingEngine> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var engine = new RecordingEngine(builder);
        await engine._server.StartAsync();
        return engine;
    }

    public RegisterResourceRequest Registration(string name) => Registrations.Single(request => request.Name == name);

    public PropertyMap Inputs(string name) => PropertyCodec.Decode(Registration(name).Object);

    public PropertyMap StackOutputs => PropertyCodec.Decode(Outputs.Single(outputs => outputs.Urn == Urn("pulumi:pulumi:Stack", "lamp-dev")).Outputs);

    public static string Urn(string type, string name) => $"urn:pulumi:dev::lamp::{type}::{name}";

    /// <summary>Holds the answers to registrations of a name until <see cref="Release"/>.</summary>
    public void Hold(string name) => _holds[name] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release(string name) => _holds[name].TrySetResult();

    /// <summary>Completes when the registration of a name has arrived.</summary>
    public Task ArrivalOf(string name) => Arrival(name).Task;

    /// <summary>Completes when the program has told an error.</summary>
    public Task FirstError => _firstError.Task;

    public Task<int> PreviewAsync(Action program, string config = "{}", string secretKeys = "[]") => RunAsync(program, isDryRun: true, config, secretKeys);

    public Task<int> RunAsync(Action program, bool isDryRun = false, string config = "{}", string secretKeys = "[]") => RunAsync(
        () =>
        {
            program();
            return Task.FromResult<IDictionary<string, object?>>(new Dictionary<string, object?>());
        },
        isDryRun,
        config,
        secretKeys);

    public Task<int> RunAsync(
        Func<Task<IDictionary<string, object?>>> program, bool isDryRun = false, string config = "{}", string secretKeys = "[]") =>
        RunStackAsync(() => new Stack(program), isDryRun, config, secretKeys);

    public Task<int> RunStackAsync(Func<Stack> makeStack, bool isDryRun = false, string config = "{}", string secretKeys = "[]")
    {
        IsDryRun = isDryRun;
        var address = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()["http://".Length..];
        var settings = new ProgramSettings(
            address, address, "lamp", "dev", "organization", "/projects/lamp", isDryRun, ConfigValues.Parse(config, secretKeys));
        return ProgramRun.RunAsync(settings, makeStack, Errors);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Errors.DisposeAsync();
    }

    private TaskCompletionSource Arrival(string name) =>
        _arrivals.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private sealed class MonitorService(RecordingEngine engine) : ResourceMonitor.ResourceMonitorBase
    {
        public override Task<SupportsFeatureResponse> SupportsFeature(SupportsFeatureRequest request, ServerCallContext context) =>
            Task.FromResult(new SupportsFeatureResponse { HasSupport = engine.Features.Contains(request.Id) });

        public override async Task<RegisterResourceResponse> RegisterResource(RegisterResourceRequest request, ServerCallContext context)
        {
            engine.Registrations.Enqueue(request);
            engine.Arrival(request.Name).TrySetResult();
            if (engine._holds.TryGetValue(request.Name, out var hold))
            {
                await hold.Task;
            }

            var response = new RegisterResourceResponse
            {
                Urn = UrnOf(request),
                Id = request.Custom && !engine.IsDryRun ? $"{request.Name}-id" : string.Empty,
                Object = request.Object,
            };
            engine.Answer(request, response);
            engine.Answered.Enqueue(request.Name);
            return response;
        }

        public override Task<ReadResourceResponse> ReadResource(ReadResourceRequest request, ServerCallContext context)
        {
            engine.Reads.Enqueue(request);
            return Task.FromResult(new ReadResourceResponse { Urn = Urn(request.Type, request.Name), Properties = engine.AnswerRead(request) });
        }

        public override Task<Google.Protobuf.WellKnownTypes.Empty> RegisterResourceOutputs(RegisterResourceOutputsRequest request, ServerCallContext context)
        {
            engine.Outputs.Enqueue(request);
            return Task.FromResult(new Google.Protobuf.WellKnownTypes.Empty());
        }

        public override Task<ResourceInvokeResponse> Invoke(ResourceInvokeRequest request, ServerCallContext context)
        {
            engine.Invokes.Enqueue(request);
            return Task.FromResult(engine.AnswerInvoke(request));
        }

        public override Task<Google.Protobuf.WellKnownTypes.Empty> SignalAndWaitForShutdown(
            Google.Protobuf.WellKnownTypes.Empty request, ServerCallContext context)
        {
            engine.Shutdowns++;
            return engine.HasShutdownCall
                ? Task.FromResult(new Google.Protobuf.WellKnownTypes.Empty())
                : throw new RpcException(new Status(StatusCode.Unimplemented, "not implemented"));
        }

        private static string UrnOf(RegisterResourceRequest request)
        {
            var parentType = request.Parent.Length == 0 ? string.Empty : request.Parent.Split("::")[2];
            var prefix = parentType is "" or Stack.TypeToken ? string.Empty : parentType + "$";
            return Urn(prefix + request.Type, request.Name);
        }
    }

    private sealed class EngineService(RecordingEngine engine) : Wire.Rpc.Engine.EngineBase
    {
        public override Task<Google.Protobuf.WellKnownTypes.Empty> Log(LogRequest request, ServerCallContext context)
        {
            if (!engine.TakesLogs)
            {
                throw new RpcException(new Status(StatusCode.Internal, "the display is gone"));
            }

            engine.Logs.Enqueue(request);
            if (request.Severity == LogSeverity.Error)
            {
                engine._firstError.TrySetResult();
            }

            return Task.FromResult(new Google.Protobuf.WellKnownTypes.Empty());
        }
    }
}
