using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Provisioner.Engine.Deployments.Execution;
using Provisioner.Engine.Deployments.Properties;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Hosts.Programs;
using Provisioner.Engine.State;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Monitor;

/// <summary>What programs talk to. A call that the run has no more use for is answered UNAVAILABLE, on which SDKs end the program quietly.</summary>
internal sealed class ResourceMonitorService(
    RunContext run,
    Registrar registrar,
    FunctionCalls functions,
    GoalDecoder decoder,
    PackageReferences packages,
    RegisteredResources registered,
    Snapshots.SnapshotKeeper keeper,
    StackOutputs stack,
    Func<Task> onFinished) : ResourceMonitor.ResourceMonitorBase
{
    public override Task<SupportsFeatureResponse> SupportsFeature(SupportsFeatureRequest request, ServerCallContext context) =>
        Task.FromResult(new SupportsFeatureResponse { HasSupport = Features.IsSupported(request.Id) });

    /// <summary>Secrets are left out: SDKs take the configuration from their environment.</summary>
    public override Task<DeploymentInfo> GetDeploymentInfo(Empty request, ServerCallContext context)
    {
        var info = new DeploymentInfo
        {
            Project = run.Request.Project.Name,
            Stack = run.Request.Stack,
            Organization = ProgramContext.Organization,
            DryRun = run.Preview,
            Parallel = run.Parallel,
            SupportedFeatures = { Features.All },
        };
        foreach (var (key, value) in run.Request.Config)
        {
            if (value.IsSecret)
            {
                info.ConfigSecretKeys.Add(key.ToString());
            }
            else
            {
                info.Config.Add(key.ToString(), value.Text);
            }
        }

        return Task.FromResult(info);
    }

    public override Task<RegisterPackageResponse> RegisterPackage(RegisterPackageRequest request, ServerCallContext context) => AnswerAsync(request.Name, () =>
        request.Parameterization is null
            ? Task.FromResult(new RegisterPackageResponse { Ref = packages.Register(new PackageRequest(request.Name, request.Version, request.DownloadUrl)) })
            : throw new GoalException($"This engine does not know parameterized packages, such as {request.Parameterization.Name}. Leave it out, or use Pulumi's own CLI on the same files."));

    public override Task<RegisterResourceResponse> RegisterResource(RegisterResourceRequest request, ServerCallContext context) => AnswerAsync($"{request.Name} ({request.Type})", async () =>
    {
        var (urn, state) = await registrar.RegisterAsync(decoder.Decode(request));
        if (request.Type == Urns.Urn.StackType)
        {
            stack.Urn = urn;
        }

        return Answer(request, urn, state);
    });

    public override Task<Empty> RegisterResourceOutputs(RegisterResourceOutputsRequest request, ServerCallContext context) => AnswerAsync(request.Urn, async () =>
    {
        var outputs = run.Secrets.Received(PropertyShapes.Settle(PropertyCodec.Decode(request.Outputs)));
        if (request.Urn == stack.Urn)
        {
            stack.Outputs = outputs;
            return new Empty();
        }

        run.ThrowIfClosed();
        var resource = registered.Find(request.Urn) ?? throw new GoalException($"{request.Urn} has outputs but has not been registered.");
        if (resource.Entry is { } entry && !entry.State.Outputs.Equals(outputs))
        {
            keeper.Set(entry, entry.State with { Outputs = outputs });
            if (!run.Preview)
            {
                await keeper.SaveAsync(run.Kill);
            }
        }

        return new Empty();
    });

    public override Task<ReadResourceResponse> ReadResource(ReadResourceRequest request, ServerCallContext context) => AnswerAsync($"{request.Name} ({request.Type})", async () =>
    {
        var (urn, state) = await registrar.ReadAsync(decoder.Decode(request), request.Id);
        return new ReadResourceResponse { Urn = urn, Properties = Encode(state.Outputs, request.AcceptSecrets, request.AcceptResources) };
    });

    public override async Task<ResourceInvokeResponse> Invoke(ResourceInvokeRequest request, ServerCallContext context)
    {
        try
        {
            return await AnswerAsync(request.Tok, () => functions.RunAsync(request));
        }
        catch (ProviderException exception)
        {
            // The program may live with it.
            throw new RpcException(new Status(StatusCode.Unknown, $"{request.Tok}: {exception.Message}"));
        }
    }

    /// <summary>The program has said everything; it may end when all steps have, deletions included.</summary>
    public override async Task<Empty> SignalAndWaitForShutdown(Empty request, ServerCallContext context)
    {
        await onFinished();
        return new Empty();
    }

    private async Task<T> AnswerAsync<T>(string what, Func<Task<T>> answer)
    {
        try
        {
            return await answer();
        }
        catch (RunClosedException)
        {
            throw Closed();
        }
        catch (Exception exception) when (exception is GoalException or FormatException or NotSupportedException or IOException or UnauthorizedAccessException or EngineException)
        {
            run.Fail($"{what}: {exception.Message}");
            throw Closed();
        }
    }

    private static RpcException Closed() => new(new Status(StatusCode.Unavailable, "The deployment has ended; the engine has said why."));

    private static RegisterResourceResponse Answer(RegisterResourceRequest request, string urn, ResourceState? state)
    {
        if (state is null)
        {
            return new RegisterResourceResponse { Urn = urn, Object = new Struct(), Unknown = true };
        }

        // A component's outputs are the program's own.
        var outputs = state.Custom ? state.Outputs : PropertyMap.Empty;
        var response = new RegisterResourceResponse
        {
            Urn = urn,
            Id = state.Id,
            Object = Encode(request.SupportsPartialValues ? outputs : PropertyShapes.WhollyKnown(outputs), request.AcceptSecrets, request.AcceptResources),
        };
        foreach (var (key, urns) in state.PropertyDependencies)
        {
            response.PropertyDependencies.Add(key, new RegisterResourceResponse.Types.PropertyDependencies { Urns = { urns } });
        }

        return response;
    }

    private static Struct Encode(PropertyMap properties, bool acceptSecrets, bool acceptResources)
    {
        var readable = acceptResources ? properties : PropertyShapes.WithoutReferences(properties);
        return PropertyCodec.Encode(acceptSecrets ? readable : readable.Unwrap());
    }
}
