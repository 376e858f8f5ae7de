using Google.Protobuf;
using Grpc.Core;
using Provisioner.Engine.Hosts.Plugins;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>One call of a plugin, with its errors as the engine tells them.</summary>
internal static class PluginCall
{
    /// <param name="name">The call's name, for the error.</param>
    /// <exception cref="ProviderException">The provider answered with an error, or died.</exception>
    /// <exception cref="InitFailedException">The resource exists, but is not what was asked for.</exception>
    public static Task<T> RunAsync<T>(Plugin plugin, string name, Func<ResourceProvider.ResourceProviderClient, AsyncUnaryCall<T>> call, CancellationToken cancellationToken) =>
        RunTaskAsync(plugin, name, async client => await call(client), cancellationToken);

    /// <inheritdoc cref="RunAsync"/>
    public static async Task<T> RunTaskAsync<T>(Plugin plugin, string name, Func<ResourceProvider.ResourceProviderClient, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(plugin.Client);
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Detail<ErrorResourceInitFailed>(exception) is { } failure)
            {
                throw new InitFailedException(failure);
            }

            if (Detail<ConfigureErrorMissingKeys>(exception) is { } missing)
            {
                throw new ProviderException(string.Join('\n', missing.MissingKeys.Select(key =>
                    $"The configuration value {plugin.Package}:{key.Name} is missing{(key.Description.Length > 0 ? $" ({key.Description})" : string.Empty)}; set it with \"config set {plugin.Package}:{key.Name}\".")));
            }

            // A connection that breaks may say so by several codes; whether the process lives is the better question.
            if (exception.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unknown
                && await plugin.DescribeDeathAsync() is { } death)
            {
                throw new ProviderException($"{name} has no answer: {death}");
            }

            throw new ProviderException(exception.Status.Detail.Length > 0 ? exception.Status.Detail : $"{name} failed with the code {exception.StatusCode}.")
            {
                IsUnimplemented = exception.StatusCode == StatusCode.Unimplemented,
            };
        }
    }

    /// <summary>The same, with null where the plugin does not know the call.</summary>
    public static async Task<T?> RunOptionalAsync<T>(Plugin plugin, string name, Func<ResourceProvider.ResourceProviderClient, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await RunAsync(plugin, name, call, cancellationToken);
        }
        catch (ProviderException exception) when (exception.IsUnimplemented)
        {
            return null;
        }
    }

    private static T? Detail<T>(RpcException exception)
        where T : class, IMessage<T>, new()
    {
        foreach (var detail in exception.GetRpcStatus()?.Details ?? [])
        {
            if (detail.TryUnpack<T>(out var found))
            {
                return found;
            }
        }

        return null;
    }
}

/// <summary>A detail of an error: the resource exists, but is not what was asked for.</summary>
internal sealed class InitFailedException(ErrorResourceInitFailed failure) : ProviderException(string.Join('\n', failure.Reasons))
{
    public ErrorResourceInitFailed Failure { get; } = failure;
}
