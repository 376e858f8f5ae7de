using System.Collections.Immutable;
using Grpc.Core;
using Pulumi.Serialization;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Pulumi.Runtime;

/// <summary>Calls providers' functions.</summary>
internal sealed class Invoker(ProgramRun run)
{
    public Output<T> Invoke<T>(string token, InvokeArgs? args, InvokeOptions? options)
    {
        OutputTypes.Check($"The answer of {token}", typeof(T));
        var inputs = (args ?? InvokeArgs.Empty).Snapshot();
        return new Output<T>(AnswerAsync());

        async Task<OutputData<T>> AnswerAsync()
        {
            var writer = new InputWriter(await run.Monitor.SupportsAsync("resourceReferences").ConfigureAwait(false));
            var properties = await writer.WriteMembersAsync(string.Empty, inputs).ConfigureAwait(false);
            if (options is InvokeOutputOptions { DependsOn: var dependsOn })
            {
                writer.Dependencies.UnionWith(await dependsOn.AsOutput().GetValueAsync(whenUnknown: []).ConfigureAwait(false));
            }

            ImmutableHashSet<Resource> dependencies = [.. writer.Dependencies];
            var isSecret = properties.Values.Any(PropertyValueExtensions.ContainsSecrets);
            if (properties.ContainsUnknowns() || !await ResourceDependencies.ExistAsync(dependencies).ConfigureAwait(false))
            {
                return OutputData<T>.Unknown(isSecret, dependencies);
            }

            var answer = await CallAsync(token, properties, options).ConfigureAwait(false);
            var data = Reader(token).Read(answer, typeof(T), token, dependencies);
            return new OutputData<T>(data.Value is T value ? value : default!, data.IsKnown, isSecret || data.IsSecret, dependencies);
        }
    }

    public async Task<T> InvokeAsync<T>(string token, InvokeArgs? args, InvokeOptions? options)
    {
        OutputTypes.Check($"The answer of {token}", typeof(T));
        var writer = new InputWriter(await run.Monitor.SupportsAsync("resourceReferences").ConfigureAwait(false));
        var properties = await writer.WriteMembersAsync(string.Empty, (args ?? InvokeArgs.Empty).Snapshot()).ConfigureAwait(false);
        var answer = await CallAsync(token, properties, options).ConfigureAwait(false);
        return Reader(token).Read(answer, typeof(T), token, []).Value is T value ? value : default!;
    }

    /// <exception cref="RunException">The function failed or refused its inputs.</exception>
    public async Task<PropertyValue> CallAsync(string token, PropertyMap properties, InvokeOptions? options)
    {
        var provider = options?.Provider ?? options?.Parent?.GetProvider(token);
        var request = new ResourceInvokeRequest
        {
            Tok = token,
            Args = PropertyCodec.Encode(properties),
            Provider = provider is null ? string.Empty : await provider.ReferenceAsync().ConfigureAwait(false),
            Version = options?.Version ?? string.Empty,
            PluginDownloadUrl = options?.PluginDownloadURL ?? string.Empty,
            AcceptResources = true,
        };
        try
        {
            var response = await run.Monitor.InvokeAsync(request).ConfigureAwait(false);
            return response.Failures.Count == 0
                ? new PropertyValue.Object(PropertyCodec.Decode(response.Return))
                : throw new RunException($"The function {token} refused its inputs: {string.Join("; ", response.Failures.Select(Describe))}");
        }
        catch (RpcException exception)
        {
            throw new RunException($"The function {token} failed: {exception.Status.Detail}", exception);
        }
    }

    private static string Describe(CheckFailure failure) => failure.Property.Length == 0 ? failure.Reason : $"{failure.Property}: {failure.Reason}";

    private OutputReader Reader(string token) => new(warning => run.Log.Write(LogSeverity.Warning, $"{token}: {warning}"));
}
