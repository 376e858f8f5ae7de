using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Hosts.Plugins;

/// <summary>A running resource plugin, shaken hands with.</summary>
internal sealed class Plugin(string package, ChildProcess process, GrpcChannel channel, ResourceProvider.ResourceProviderClient client) : IAsyncDisposable
{
    public string Package { get; } = package;

    public ResourceProvider.ResourceProviderClient Client { get; } = client;

    /// <summary>Null where the plugin knows no Handshake; then Configure's answer says what it can.</summary>
    public ProviderHandshakeResponse? Handshake { get; init; }

    /// <summary>Semantic version, or empty.</summary>
    public string Version { get; init; } = string.Empty;

    /// <summary>Whether the process has ended, and how, with the last of what it wrote to standard error.</summary>
    public async Task<string?> DescribeDeathAsync()
    {
        // The connection breaks a moment before the process is seen to have ended.
        await Task.WhenAny(process.Exited, Task.Delay(TimeSpan.FromSeconds(2)));
        if (!process.HasExited)
        {
            return null;
        }

        var tail = process.ErrorTail;
        return $"the plugin {Package} (process {process.Id}) ended with code {process.ExitCode}{(tail.Length == 0 ? " and wrote nothing to standard error" : $"; its last words:\n{tail}")}";
    }

    /// <summary>Asks the plugin to end what it is doing; it stays up.</summary>
    public async Task CancelAsync()
    {
        try
        {
            await Client.CancelAsync(new Empty(), deadline: DateTime.MaxValue).ResponseAsync.WaitAsync(TimeSpan.FromSeconds(2));
        }
        catch (Exception exception) when (exception is RpcException or TimeoutException)
        {
            // UNIMPLEMENTED is fine, and one that is gone needs no asking.
        }
    }

    public Task KillAsync() => process.KillAsync();

    /// <summary>Cancel, then signals.</summary>
    public async Task StopAsync(TimeProvider time)
    {
        if (!process.HasExited)
        {
            await CancelAsync();
        }

        await process.StopAsync(time);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await process.DisposeAsync();
    }
}
