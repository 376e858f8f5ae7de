using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Provisioner.Provider.Modelling;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Hosting;

/// <summary>
/// The plugin's side of Pulumi's wire protocol: everything around the resources. What is not overridden here is answered
/// UNIMPLEMENTED, and so is a function that this provider does not have.
/// </summary>
internal sealed partial class ProviderService(ProviderSession session) : ResourceProvider.ResourceProviderBase
{
    // What an engine puts beside a provider's own configuration.
    private static readonly string[] NotOurs = ["version", "pluginDownloadURL", "pluginChecksums", "__internal", "__defaults"];

    private readonly Failures _failures = new(session.Redactor);

    public override Task<ProviderHandshakeResponse> Handshake(ProviderHandshakeRequest request, ServerCallContext context)
    {
        if (request.EngineAddress.Length > 0)
        {
            session.Attach(request.EngineAddress);
        }

        return Task.FromResult(new ProviderHandshakeResponse { AcceptSecrets = true });
    }

    public override Task<Empty> Attach(PluginAttach request, ServerCallContext context)
    {
        session.Attach(request.Address);
        return Task.FromResult(new Empty());
    }

    public override Task<PluginInfo> GetPluginInfo(Empty request, ServerCallContext context) =>
        Task.FromResult(new PluginInfo { Version = session.Package.Version });

    public override Task<GetSchemaResponse> GetSchema(GetSchemaRequest request, ServerCallContext context) =>
        Task.FromResult(new GetSchemaResponse { Schema = SchemaWriter.Write(session.Package) });

    public override Task<Empty> Cancel(Empty request, ServerCallContext context)
    {
        session.CancelAll();
        return Task.FromResult(new Empty());
    }

    public override Task<CheckResponse> CheckConfig(CheckRequest request, ServerCallContext context) =>
        RunAsync(request.Urn, isPreview: true, isChanging: false, 0, context, (_, _) =>
        {
            var given = Learned(request.News, session.Package.ConfigType);
            var response = new CheckResponse { Inputs = PropertyCodec.Encode(InputDefaults.MarkSecrets(session.Package.ConfigType, given)) };
            response.Failures.AddRange(session.Package.Read(Ours(given)).Failures.Select(Failure));
            return Task.FromResult(response);
        });

    public override Task<DiffResponse> DiffConfig(DiffRequest request, ServerCallContext context) =>
        RunAsync(request.Urn, isPreview: true, isChanging: false, 0, context, (_, _) =>
        {
            // Another key or another wait is another way to the same devices: nothing of it replaces anything.
            var olds = Ours(Learned(request.OldInputs ?? request.Olds, session.Package.ConfigType)).Unwrap();
            var news = Ours(Learned(request.News, session.Package.ConfigType)).Unwrap();
            var changed = olds.Keys.Union(news.Keys, StringComparer.Ordinal)
                .Where(key => !Equals(olds.GetValueOrDefault(key), news.GetValueOrDefault(key)))
                .ToList();
            return Task.FromResult(Differences.Encode(
                [.. changed.Select(key => new PropertyChange(key, olds.ContainsKey(key) ? news.ContainsKey(key) ? ChangeKind.Update : ChangeKind.Delete : ChangeKind.Add))],
                deleteBeforeReplace: false));
        });

    public override Task<ConfigureResponse> Configure(ConfigureRequest request, ServerCallContext context) =>
        RunAsync(request.Urn, isPreview: true, isChanging: false, 0, context, async (operation, _) =>
        {
            var settings = session.Package.Read(Ours(Learned(request.Args, session.Package.ConfigType)));
            if (settings.Options is not { } options)
            {
                throw new Errors.InputInvalidException("The provider's configuration does not fit", settings.Failures)
                {
                    Next = $"set it: config set {session.Package.Name}:<name> <value>",
                };
            }

            foreach (var warning in Remote.Ssh.KeyFileMode.Warnings(options))
            {
                operation.Warn(warning);
            }

            await session.ConfigureAsync(options);
            return new ConfigureResponse { AcceptSecrets = true, SupportsPreview = true };
        });

    public override Task<InvokeResponse> Invoke(InvokeRequest request, ServerCallContext context) =>
        session.Package.Functions.FirstOrDefault(known => session.Package.TokenOf(known) == request.Tok) is not { } function
            ? throw new RpcException(new Grpc.Core.Status(StatusCode.Unimplemented, $"There is no function {request.Tok}"))
            : RunAsync(string.Empty, isPreview: true, isChanging: false, 0, context, async (operation, cancellation) =>
            {
                var arguments = Learned(request.Args, function.ArgsType);
                var answer = SecretAnswers.Mark(await function.InvokeAsync(arguments, operation, cancellation), arguments);
                Learn(answer, function.ResultType);
                return new InvokeResponse { Return = PropertyCodec.Encode(answer) };
            });

    private static PropertyMap Ours(PropertyMap given) => NotOurs.Aggregate(given, (map, name) => map.Without(name));

    private CheckFailure Failure(PropertyFailure failure) => new() { Property = failure.Path, Reason = _failures.Text(failure.Reason) };

    /// <summary>A map from the engine; every secret in it is known to the redactor from now on.</summary>
    private PropertyMap Learned(Struct? properties, System.Type shape)
    {
        var map = PropertyCodec.Decode(properties);
        Learn(map, shape);
        return map;
    }

    private void Learn(PropertyMap map, System.Type shape) => session.Redactor.Learn(InputDefaults.SecretsOf(shape, map));

    private async Task<T> RunAsync<T>(
        string urn, bool isPreview, bool isChanging, double timeout, ServerCallContext call, Func<OperationContext, CancellationToken, Task<T>> work, bool refreshBeforeUpdate = false)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, session.Cancelled);
        if (timeout > 0)
        {
            stop.CancelAfter(TimeSpan.FromSeconds(timeout));
        }

        var context = new OperationContext(session, urn, isPreview, isChanging);
        try
        {
            return await work(context, stop.Token);
        }
        catch (Exception failure)
        {
            throw _failures.Translate(failure, refreshBeforeUpdate);
        }
        finally
        {
            foreach (var line in context.Tally.Lines())
            {
                context.Debug(line);
            }

            // What was said must be with the engine before the answer is.
            if (session.Log is { } log)
            {
                await log.FlushAsync();
            }
        }
    }
}
