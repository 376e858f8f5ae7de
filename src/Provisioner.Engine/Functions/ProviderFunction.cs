using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Hosts;
using Provisioner.Engine.Hosts.Building;
using Provisioner.Engine.Hosts.Plugins;
using Provisioner.Engine.Projects;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Functions;

/// <summary>Calls one function of a provider, without a stack and without a program.</summary>
public static class ProviderFunction
{
    /// <summary>Starts the provider as a deployment would, calls the function, and ends it.</summary>
    /// <param name="project">Where the provider is looked for first.</param>
    /// <param name="token">Such as <c>provisioner:index:readCard</c>; its first part is the provider's name.</param>
    /// <param name="arguments">Known values only.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onActivity">Told what takes a while, such as a build, and whether it has ended.</param>
    /// <param name="onMessage">Told what the provider says.</param>
    /// <exception cref="EngineException">The provider cannot be started, or answered with an error.</exception>
    public static async Task<PropertyMap> CallAsync(
        Project project, string token, PropertyMap arguments, TimeProvider time, Action<string, bool> onActivity, Action<string> onMessage, CancellationToken cancellationToken)
    {
        try
        {
            await using var side = await SideChannel.StartAsync(onMessage, cancellationToken);
            await using var plugins = new PluginHost(
                new PluginLocator(project, new DotnetProject(onActivity)), project, ImmutableSortedDictionary<ConfigKey, ConfigValue>.Empty, () => side.Address, time, _ => { });
            var plugin = await plugins.StartAsync(token.Split(':')[0], string.Empty, cancellationToken);
            var response = await PluginCall.RunAsync(
                plugin, "Invoke", client => client.InvokeAsync(new InvokeRequest { Tok = token, Args = PropertyCodec.Encode(arguments) }, cancellationToken: cancellationToken), cancellationToken);
            return response.Failures.Count == 0
                ? PropertyCodec.Decode(response.Return)
                : throw new FunctionException(string.Join('\n', response.Failures.Select(failure => $"{failure.Property}: {failure.Reason}")));
        }
        catch (Exception failure) when (failure is ProviderException or HostException)
        {
            throw new FunctionException(failure.Message);
        }
    }
}

/// <summary>A function of a provider could not be called, or answered with an error.</summary>
public sealed class FunctionException(string message) : EngineException("function-failed", message);
