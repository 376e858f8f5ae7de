using System.Net;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pulumi.Wire.Rpc;

namespace Provisioner.Benchmarks;

/// <summary>The provider: each resource is a file of its name in the folder that the configuration names; without a folder it keeps nothing. What was there already is adopted, and said so in <c>adopted.log</c>.</summary>
internal sealed class FileProvider : ResourceProvider.ResourceProviderBase
{
    private static readonly string? Folder = JsonSerializer.Deserialize<Dictionary<string, string>>(
        Environment.GetEnvironmentVariable("PULUMI_CONFIG") ?? "{}")!.GetValueOrDefault("folder");

    public static async Task<int> ServeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        await using var application = builder.Build();
        application.UseRouting();
        application.MapGrpcService<FileProvider>();
        await application.StartAsync();
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await Console.Out.WriteLineAsync($"{new Uri(address).Port}");
        await application.WaitForShutdownAsync();
        return 0;
    }

    public override Task<PluginInfo> GetPluginInfo(Empty request, ServerCallContext context) => Task.FromResult(new PluginInfo { Version = "1.0.0" });

    public override Task<Empty> Cancel(Empty request, ServerCallContext context) => Task.FromResult(new Empty());

    public override Task<ConfigureResponse> Configure(ConfigureRequest request, ServerCallContext context) =>
        Task.FromResult(new ConfigureResponse { AcceptSecrets = true, AcceptResources = true, SupportsPreview = true });

    public override Task<CheckResponse> Check(CheckRequest request, ServerCallContext context) => Task.FromResult(new CheckResponse { Inputs = request.News });

    public override Task<DiffResponse> Diff(DiffRequest request, ServerCallContext context) => Task.FromResult(new DiffResponse
    {
        Changes = request.OldInputs.Equals(request.News) ? DiffResponse.Types.DiffChanges.DiffNone : DiffResponse.Types.DiffChanges.DiffSome,
    });

    public override Task<CreateResponse> Create(CreateRequest request, ServerCallContext context)
    {
        if (!request.Preview && PathOf(request.Name) is { } path && File.Exists(path))
        {
            File.AppendAllLines(Path.Combine(Folder!, "adopted.log"), [request.Urn]);
        }

        return Task.FromResult(new CreateResponse { Id = request.Preview ? string.Empty : request.Name, Properties = Write(request.Name, request.Properties, request.Preview) });
    }

    public override Task<UpdateResponse> Update(UpdateRequest request, ServerCallContext context) =>
        Task.FromResult(new UpdateResponse { Properties = Write(request.Id, request.News, request.Preview) });

    public override Task<ReadResponse> Read(ReadRequest request, ServerCallContext context) => Task.FromResult(
        PathOf(request.Id) is { } path && !File.Exists(path) ? new ReadResponse() : new ReadResponse { Id = request.Id, Properties = request.Properties, Inputs = request.Inputs });

    public override Task<Empty> Delete(DeleteRequest request, ServerCallContext context)
    {
        if (PathOf(request.Id) is { } path)
        {
            File.Delete(path);
        }

        return Task.FromResult(new Empty());
    }

    private static string? PathOf(string id) => Folder is null ? null : Path.Combine(Folder, $"{id}.txt");

    private static Struct Write(string id, Struct inputs, bool preview)
    {
        if (!preview && PathOf(id) is { } path)
        {
            // Whole or not at all: what is killed here is the engine, but its children die with it.
            var temporary = Path.Combine(Folder!, $"{id}.{Guid.NewGuid():N}.tmp");
            File.WriteAllText(temporary, inputs.Fields["text"].StringValue);
            File.Move(temporary, path, overwrite: true);
        }

        var outputs = inputs.Clone();
        outputs.Fields["path"] = Value.ForString($"/{id}");
        return outputs;
    }
}
