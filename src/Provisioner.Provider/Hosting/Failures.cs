using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Pulumi.Wire;
using Pulumi.Wire.Redaction;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Hosting;

/// <summary>Exceptions to what an engine understands. Nothing secret and no control character gets out.</summary>
internal sealed class Failures(Redactor redactor)
{
    /// <summary>The failure of a call.</summary>
    public RpcException Translate(Exception failure, bool refreshBeforeUpdate) => failure switch
    {
        RpcException rpc => rpc,
        PartialResultException partial => Partial(partial, refreshBeforeUpdate),
        ProviderException known => Plain(known.Status, known.Message),
        OperationCanceledException => Plain(StatusCode.Cancelled, "It was stopped"),
        PropertyFormatException format => Plain(StatusCode.InvalidArgument, format.Message),

        // A mistake of ours: the engine is right to be careful then. The stack is for whoever mends it.
        _ => Plain(StatusCode.Internal, $"The provider has a fault: {failure.GetType().Name}: {failure.Message}\n{failure.StackTrace}"),
    };

    /// <summary>Text fit to leave: cleaned first, or what is taken out afterwards would make a secret whole again.</summary>
    public string Text(string message) => redactor.Redact(RemoteText.Clean(message));

    private RpcException Plain(StatusCode code, string message) => new(new Grpc.Core.Status(code, Text(message)));

    private RpcException Partial(PartialResultException partial, bool refreshBeforeUpdate)
    {
        var known = partial.InnerException as ProviderException;
        var detail = new ErrorResourceInitFailed
        {
            Id = partial.Partial.Id,
            Properties = PropertyCodec.Encode(partial.Partial.Outputs),
            RefreshBeforeUpdate = refreshBeforeUpdate,
        };
        if (partial.Partial.Inputs is { } inputs)
        {
            detail.Inputs = PropertyCodec.Encode(inputs);
        }

        detail.Reasons.Add(Text(partial.Message));
        return new Google.Rpc.Status
        {
            Code = (int)(known?.Status ?? StatusCode.Aborted),
            Message = Text(partial.Message),
            Details = { Any.Pack(detail) },
        }.ToRpcException();
    }
}
