using System.Collections.Concurrent;
using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pulumi.Serialization;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Pulumi.Testing;

/// <summary>Answers a program's calls to the engine in this process, by asking the mocks. It plans nothing.</summary>
internal sealed class MockEngine(IMocks mocks, TestOptions options) : CallInvoker
{
    /// <summary>What this engine cannot do: inputs come to the mocks as plain values.</summary>
    private const string OutputValues = "outputValues";

    private readonly ConcurrentDictionary<string, PropertyMap> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _errors = [];

    /// <summary>What the program told as errors.</summary>
    public ImmutableArray<string> Errors => [.. _errors];

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        new(AnswerAsync<TResponse>(request), Task.FromResult(Metadata.Empty), () => Status.DefaultSuccess, () => [], () => { });

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw Unused();

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw Unused();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw Unused();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw Unused();

    private static NotSupportedException Unused() => new("A program calls the engine by asynchronous calls of one message only.");

    private async Task<TResponse> AnswerAsync<TResponse>(object request) => (TResponse)(object)(request switch
    {
        SupportsFeatureRequest feature => new SupportsFeatureResponse { HasSupport = feature.Id != OutputValues },
        RegisterResourceRequest { Type: Stack.TypeToken } stack => new RegisterResourceResponse { Urn = Urn(stack.Parent, stack.Type, stack.Name), Object = new Struct() },
        RegisterResourceRequest resource => await RegisterAsync(resource).ConfigureAwait(false),
        ReadResourceRequest resource => await ReadAsync(resource).ConfigureAwait(false),
        RegisterResourceOutputsRequest outputs => await TakeAsync(outputs).ConfigureAwait(false),
        ResourceInvokeRequest { Tok: "pulumi:pulumi:getResource" } invoke => new ResourceInvokeResponse { Return = PropertyCodec.Encode(Known((string)Values(invoke.Args)["urn"])) },
        ResourceInvokeRequest invoke => new ResourceInvokeResponse { Return = PropertyCodec.Encode(await StateAsync(await mocks.CallAsync(
            new MockCallArgs { Token = invoke.Tok, Args = Values(invoke.Args), Provider = invoke.Provider }).ConfigureAwait(false)).ConfigureAwait(false)) },
        LogRequest log => Log(log),
        Empty => new Empty(),
        _ => throw new RpcException(new Status(StatusCode.Unimplemented, $"Mocks do not answer {request.GetType().Name}.")),
    });

    private async Task<RegisterResourceResponse> RegisterAsync(RegisterResourceRequest request)
    {
        var (id, urn, state) = await NewAsync(request.Type, request.Name, request.Parent, request.Object, request.Provider, request.ImportId).ConfigureAwait(false);
        return new RegisterResourceResponse { Id = id, Urn = urn, Object = PropertyCodec.Encode(state) };
    }

    private async Task<ReadResourceResponse> ReadAsync(ReadResourceRequest request)
    {
        var (_, urn, state) = await NewAsync(request.Type, request.Name, request.Parent, request.Properties, request.Provider, request.Id).ConfigureAwait(false);
        return new ReadResourceResponse { Urn = urn, Properties = PropertyCodec.Encode(state) };
    }

    private async Task<(string Id, string Urn, PropertyMap State)> NewAsync(string type, string name, string parent, Struct inputs, string provider, string givenId)
    {
        var (id, state) = await mocks.NewResourceAsync(
            new MockResourceArgs { Type = type, Name = name, Inputs = Values(inputs), Provider = provider, Id = givenId }).ConfigureAwait(false);
        var urn = Urn(parent, type, name);
        var outputs = await StateAsync(state).ConfigureAwait(false);
        id ??= givenId;
        _known[urn] = PropertyMap.Of(("urn", (PropertyValue)urn), ("id", id), ("state", new PropertyValue.Object(outputs)));
        return (id, urn, outputs);
    }

    private async Task<Empty> TakeAsync(RegisterResourceOutputsRequest request)
    {
        var reader = new OutputReader(_ => { });
        var outputs = PropertyCodec.Decode(request.Outputs).ToImmutableDictionary(
            output => output.Key, output => new Output<object?>(Task.FromResult(reader.Read(output.Value, typeof(object), output.Key, []))));
        await mocks.RegisterResourceOutputs(new MockRegisterResourceOutputsRequest(request.Urn, outputs)).ConfigureAwait(false);
        return new Empty();
    }

    private Empty Log(LogRequest log)
    {
        if (log.Severity == Wire.Rpc.LogSeverity.Error)
        {
            _errors.Enqueue(log.Message);
        }

        return new Empty();
    }

    private PropertyMap Known(string urn) => _known.GetValueOrDefault(urn) ?? throw new RpcException(new Status(StatusCode.NotFound, $"There is no resource {urn}."));

    /// <summary>As the official package's mocks make URNs: with the outermost parent's type only, and the stack's is one.</summary>
    private string Urn(string parent, string type, string name) =>
        $"urn:pulumi:{options.StackName ?? "stack"}::{options.ProjectName ?? "project"}::{(parent.Length == 0 ? string.Empty : $"{parent.Split("::")[2].Split('$')[0]}$")}{type}::{name}";

    private static ImmutableDictionary<string, object> Values(Struct properties)
    {
        var reader = new OutputReader(_ => { });
        return PropertyCodec.Decode(properties)
            .Select(property => (property.Key, Data: reader.Read(property.Value, typeof(object), property.Key, [])))
            .Where(property => property.Data is { IsKnown: true, Value: not null })
            .ToImmutableDictionary(property => property.Key, property => property.Data.Value!);
    }

    private static async Task<PropertyMap> StateAsync(object state) =>
        await new InputWriter(keepResources: true).WriteAsync(string.Empty, state is IDictionary<string, object> map ? map.ToImmutableDictionary() : state).ConfigureAwait(false) is PropertyValue.Object written
            ? written.Properties
            : throw new InvalidOperationException($"A mock answered with the type {state.GetType().Name}. Give a dictionary by text, or a class with [OutputType].");
}
