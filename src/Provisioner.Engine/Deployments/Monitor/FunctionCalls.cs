using Provisioner.Engine.Deployments.Execution;
using Provisioner.Engine.Deployments.Properties;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Monitor;

/// <summary>Functions of providers that a program calls (Invoke).</summary>
internal sealed class FunctionCalls(RunContext run, Registrar registrar, GoalDecoder decoder)
{
    /// <exception cref="GoalException">The program names a provider that it has not registered.</exception>
    /// <exception cref="ProviderException">The provider answered with an error, or died.</exception>
    public async Task<ResourceInvokeResponse> RunAsync(ResourceInvokeRequest request)
    {
        var goal = new ResourceGoal
        {
            Type = request.Tok,
            Name = request.Tok,
            Custom = true,
            Inputs = run.Secrets.Received(PropertyShapes.Settle(PropertyCodec.Decode(request.Args))),
            Provider = request.Provider,
            Package = decoder.Package(request.Tok, request.Version, request.PluginDownloadUrl, request.PackageRef),
        };
        var (_, provider) = await registrar.Providers.ForAsync(goal, run.Kill);
        if (!provider.IsConfigured || goal.Inputs.ContainsUnknowns())
        {
            return new ResourceInvokeResponse { Return = new Google.Protobuf.WellKnownTypes.Struct(), Unknown = true };
        }

        var response = await provider.InvokeAsync(request.Tok, goal.Inputs, request.AcceptResources, run.Kill);
        response.Return = PropertyCodec.Encode(run.Secrets.Answered(PropertyCodec.Decode(response.Return), goal.Inputs));
        return response;
    }
}
