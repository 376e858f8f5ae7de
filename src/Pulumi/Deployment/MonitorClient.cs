using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pulumi.Wire.Rpc;

namespace Pulumi.Runtime;

/// <summary>The engine's resource monitor.</summary>
internal sealed class MonitorClient(ResourceMonitor.ResourceMonitorClient monitor)
{
    private readonly CallGate _gate = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> _features = new(StringComparer.Ordinal);

    /// <summary>Whether the engine has a feature, by Pulumi's name for it; asked once.</summary>
    public Task<bool> SupportsAsync(string feature) => _features.GetOrAdd(feature, id => new Lazy<Task<bool>>(() => AskAsync(id))).Value;

    /// <exception cref="RunException">The engine does not have the feature.</exception>
    public async Task RequireAsync(string feature, string option)
    {
        if (!await SupportsAsync(feature).ConfigureAwait(false))
        {
            throw new RunException($"The option {option} is used, and the engine does not have the feature \"{feature}\". Use a newer Pulumi CLI, or do without the option.");
        }
    }

    /// <param name="label">The resource, for errors.</param>
    /// <param name="request">The request.</param>
    /// <exception cref="EngineClosedException">The engine takes no more registrations.</exception>
    /// <exception cref="RpcException">The engine refused this one.</exception>
    public Task<RegisterResourceResponse> RegisterResourceAsync(string label, RegisterResourceRequest request) =>
        RegisterAsync($"{label} was not registered", async () => await monitor.RegisterResourceAsync(request));

    /// <inheritdoc cref="RegisterResourceAsync"/>
    public Task<ReadResourceResponse> ReadResourceAsync(string label, ReadResourceRequest request) =>
        RegisterAsync($"{label} was not read", async () => await monitor.ReadResourceAsync(request));

    /// <inheritdoc cref="RegisterResourceAsync"/>
    public Task RegisterOutputsAsync(string label, RegisterResourceOutputsRequest request) =>
        RegisterAsync($"the outputs of {label} were not registered", async () => await monitor.RegisterResourceOutputsAsync(request));

    /// <exception cref="RpcException">The function failed.</exception>
    public Task<ResourceInvokeResponse> InvokeAsync(ResourceInvokeRequest request) =>
        _gate.PassAsync($"the function {request.Tok} was not called", async () => await monitor.InvokeAsync(request));

    /// <summary>Tells the engine that the program is through, and waits until it has done all that follows from it.</summary>
    public async Task SignalAndWaitForShutdownAsync()
    {
        try
        {
            await monitor.SignalAndWaitForShutdownAsync(new Empty());
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unimplemented)
        {
            // Older engines wait for the process to end instead.
        }
    }

    /// <summary>Lets no new calls pass, and waits for those in flight.</summary>
    public Task CloseAsync() => _gate.CloseAsync();

    private async Task<bool> AskAsync(string feature) =>
        (await monitor.SupportsFeatureAsync(new SupportsFeatureRequest { Id = feature })).HasSupport;

    private async Task<T> RegisterAsync<T>(string what, Func<Task<T>> call)
    {
        try
        {
            return await _gate.PassAsync(what, call).ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled)
        {
            // The engine answers so to all that is waiting once a step has failed, and reports that step itself.
            throw new EngineClosedException(what, exception);
        }
    }
}
