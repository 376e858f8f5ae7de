using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Provisioner.Engine.Projects;
using Pulumi.Wire.Loopback;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Hosts.Plugins;

/// <summary>Starts resource plugins and ends them.</summary>
internal sealed partial class PluginHost(
    PluginLocator locator,
    Project project,
    ImmutableSortedDictionary<ConfigKey, ConfigValue> config,
    Func<string> engineAddress,
    TimeProvider time,
    Action<string> onOutput) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly List<Plugin> _running = [];

    /// <summary>Starts a plugin, builds it first where it comes as sources, and waits until it answers.</summary>
    /// <exception cref="HostException">It cannot be found, built or started, or does not answer as a plugin.</exception>
    public async Task<Plugin> StartAsync(string package, string version, CancellationToken cancellationToken)
    {
        var (command, arguments) = await locator.FindAsync(package, version, cancellationToken);
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = ChildProcess.Start(
            new Launch(command, [.. arguments, engineAddress()], project.Directory, Variables(package)),
            (line, isError) => OnLine(package, port, line, isError));
        try
        {
            await Task.WhenAny(port.Task, process.Exited).WaitAsync(cancellationToken);
            if (!port.Task.IsCompleted)
            {
                throw new HostException($"The plugin {package} ({command}) ended with code {process.ExitCode} before it wrote its port:\n{process.ErrorTail}");
            }

            var plugin = await ConnectAsync(package, process, await port.Task, command, cancellationToken);
            lock (_gate)
            {
                _running.Add(plugin);
            }

            return plugin;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks every plugin to end what it is doing.</summary>
    public Task CancelAsync() => Task.WhenAll(Running().Select(plugin => plugin.CancelAsync()));

    /// <summary>Kills every plugin.</summary>
    public Task KillAsync() => Task.WhenAll(Running().Select(plugin => plugin.KillAsync()));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Running().Select(async plugin =>
        {
            await plugin.StopAsync(time);
            await plugin.DisposeAsync();
        }));
    }

    private ImmutableArray<Plugin> Running()
    {
        lock (_gate)
        {
            return [.. _running];
        }
    }

    private void OnLine(string package, TaskCompletionSource<int> port, string line, bool isError)
    {
        if (isError || port.Task.IsCompleted)
        {
            onOutput($"{package}: {line}");
            return;
        }

        // .NET's terminal progress codes may stand before the number.
        var text = ProgressCodes().Replace(line, string.Empty).Trim();
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536)
        {
            port.TrySetResult(number);
        }
        else
        {
            port.TrySetException(new HostException($"The plugin {package} wrote \"{text}\" where its port must stand: the first line of its standard output."));
        }
    }

    private async Task<Plugin> ConnectAsync(string package, ChildProcess process, int port, string command, CancellationToken cancellationToken)
    {
        var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new GrpcChannelOptions
        {
            MaxReceiveMessageSize = WireLimits.MessageBytes,
            MaxSendMessageSize = WireLimits.MessageBytes,
            DisposeHttpClient = true,
            HttpHandler = LoopbackPeer.CreateHandler(),
        });
        var client = new ResourceProvider.ResourceProviderClient(channel);
        try
        {
            var handshake = await HandshakeAsync(client, command, cancellationToken);
            var info = await client.GetPluginInfoAsync(new Empty(), cancellationToken: cancellationToken);
            return new Plugin(package, process, channel, client) { Handshake = handshake, Version = info.Version };
        }
        catch (RpcException exception)
        {
            channel.Dispose();
            throw new HostException($"The plugin {package} ({command}) does not answer as one: {exception.Status.StatusCode}: {exception.Status.Detail}\n{process.ErrorTail}".TrimEnd());
        }
    }

    /// <summary>UNAVAILABLE is asked again for ten seconds; UNIMPLEMENTED is an answer.</summary>
    private async Task<ProviderHandshakeResponse?> HandshakeAsync(ResourceProvider.ResourceProviderClient client, string command, CancellationToken cancellationToken)
    {
        var request = new ProviderHandshakeRequest
        {
            EngineAddress = engineAddress(),
            RootDirectory = project.Directory,
            ProgramDirectory = Path.GetDirectoryName(command) is { Length: > 0 } folder ? folder : project.Directory,
            ConfigureWithUrn = true,
            SupportsRefreshBeforeUpdate = true,
            InvokeWithPreview = true,
        };
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await client.HandshakeAsync(request, cancellationToken: cancellationToken);
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unimplemented)
            {
                return null;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable && time.GetElapsedTime(started) < ConnectLimit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
            }
        }
    }

    /// <summary>Secrets are left out of the package's configuration here: an environment can be read by others; Configure brings them.</summary>
    private ImmutableDictionary<string, string> Variables(string package) => ImmutableDictionary.CreateRange(
    [
        KeyValuePair.Create("PULUMI_PROJECT", project.Name),
        KeyValuePair.Create("PULUMI_CONFIG", JsonSerializer.Serialize(config
            .Where(entry => entry.Key.Namespace == package && !entry.Value.IsSecret)
            .ToDictionary(entry => entry.Key.Name, entry => entry.Value.Text, StringComparer.Ordinal))),
    ]);

    [GeneratedRegex("\u001b\\]9;4;[^\u0007\u001b]*(\u0007|\u001b\\\\)?")]
    private static partial Regex ProgressCodes();
}
