using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Execution;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Monitor;

/// <summary>The side channel of programs and plugins: messages, and the root of the resource tree.</summary>
internal sealed class EngineService(RunContext run) : Pulumi.Wire.Rpc.Engine.EngineBase
{
    private string _root = string.Empty;

    public override Task<Empty> Log(LogRequest request, ServerCallContext context)
    {
        var severity = request.Severity switch
        {
            LogSeverity.Debug => DiagnosticSeverity.Debug,
            LogSeverity.Warning => DiagnosticSeverity.Warning,
            LogSeverity.Error => DiagnosticSeverity.Error,
            _ => DiagnosticSeverity.Info,
        };
        if (severity != DiagnosticSeverity.Debug || run.Request.Options.Debug)
        {
            run.Emit(new EngineEvent.Diagnostic(severity, request.Message, request.Urn, request.StreamId, request.Ephemeral));
        }

        return Task.FromResult(new Empty());
    }

    public override Task<GetRootResourceResponse> GetRootResource(GetRootResourceRequest request, ServerCallContext context) =>
        Task.FromResult(new GetRootResourceResponse { Urn = _root });

    public override Task<SetRootResourceResponse> SetRootResource(SetRootResourceRequest request, ServerCallContext context)
    {
        _root = request.Urn;
        return Task.FromResult(new SetRootResourceResponse());
    }
}
