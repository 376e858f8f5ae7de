using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Provisioner.Provider.Modelling;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Hosting;

/// <summary>The calls about resources: each finds its handler and speaks property maps with it.</summary>
internal sealed partial class ProviderService
{
    public override Task<CheckResponse> Check(CheckRequest request, ServerCallContext call) =>
        RunAsync(request.Urn, isPreview: true, isChanging: false, 0, call, (context, _) =>
        {
            var handler = Handler(request.Urn);
            var result = handler.Check(Learned(request.News, handler.ArgsType), context);
            var response = new CheckResponse { Inputs = PropertyCodec.Encode(result.Inputs) };
            response.Failures.AddRange(result.Failures.Select(Failure));
            return Task.FromResult(response);
        });

    public override Task<DiffResponse> Diff(DiffRequest request, ServerCallContext call) =>
        RunAsync(request.Urn, isPreview: true, isChanging: false, 0, call, (context, _) =>
        {
            var handler = Handler(request.Urn);
            var result = handler.Diff(
                Learned(request.Olds, handler.StateType),
                Learned(request.OldInputs, handler.ArgsType),
                Learned(request.News, handler.ArgsType),
                context);
            return Task.FromResult(Differences.Encode(result.Changes, result.DeleteBeforeReplace));
        });

    public override Task<CreateResponse> Create(CreateRequest request, ServerCallContext call)
    {
        var handler = Handler(request.Urn);
        return RunAsync(request.Urn, request.Preview, isChanging: true, request.Timeout, call, async (context, cancellation) =>
        {
            var result = await LearnedAsync(handler, handler.CreateAsync(Learned(request.Properties, handler.ArgsType), context, cancellation));
            return new CreateResponse { Id = result.Id, Properties = PropertyCodec.Encode(result.Outputs), RefreshBeforeUpdate = handler.RefreshBeforeUpdate };
        }, handler.RefreshBeforeUpdate);
    }

    public override Task<UpdateResponse> Update(UpdateRequest request, ServerCallContext call)
    {
        var handler = Handler(request.Urn);
        return RunAsync(request.Urn, request.Preview, isChanging: true, request.Timeout, call, async (context, cancellation) =>
        {
            var result = await LearnedAsync(handler, handler.UpdateAsync(
                request.Id,
                Learned(request.Olds, handler.StateType),
                Learned(request.OldInputs, handler.ArgsType),
                Learned(request.News, handler.ArgsType),
                context,
                cancellation));
            return new UpdateResponse { Properties = PropertyCodec.Encode(result.Outputs), RefreshBeforeUpdate = handler.RefreshBeforeUpdate };
        }, handler.RefreshBeforeUpdate);
    }

    public override Task<ReadResponse> Read(ReadRequest request, ServerCallContext call)
    {
        var handler = Handler(request.Urn);
        return RunAsync(request.Urn, isPreview: false, isChanging: false, request.Timeout, call, async (context, cancellation) =>
        {
            var result = await handler.ReadAsync(
                request.Id,
                request.Properties is null ? null : Learned(request.Properties, handler.StateType),
                request.Inputs is null ? null : Learned(request.Inputs, handler.ArgsType),
                context,
                cancellation);
            if (result is null)
            {
                // Neither id nor properties: gone.
                return new ReadResponse();
            }

            Learn(result.Outputs, handler.StateType);
            var response = new ReadResponse { Id = result.Id, Properties = PropertyCodec.Encode(result.Outputs), RefreshBeforeUpdate = handler.RefreshBeforeUpdate };
            if (result.Inputs is { } inputs)
            {
                response.Inputs = PropertyCodec.Encode(inputs);
            }

            return response;
        }, handler.RefreshBeforeUpdate);
    }

    public override Task<Empty> Delete(DeleteRequest request, ServerCallContext call)
    {
        var handler = Handler(request.Urn);
        return RunAsync(request.Urn, isPreview: false, isChanging: true, request.Timeout, call, async (context, cancellation) =>
        {
            await handler.DeleteAsync(
                request.Id, Learned(request.Properties, handler.StateType), Learned(request.OldInputs, handler.ArgsType), context, cancellation);
            return new Empty();
        }, handler.RefreshBeforeUpdate);
    }

    private static string TypeOf(string urn)
    {
        // urn:pulumi:<stack>::<project>::<parent's type>$<type>::<name>
        var parts = urn.Split("::", 4);
        return parts.Length == 4 ? parts[2][(parts[2].LastIndexOf('$') + 1)..] : string.Empty;
    }

    private IResourceHandler Handler(string urn)
    {
        try
        {
            return session.Find(TypeOf(urn));
        }
        catch (Errors.ProviderException unknown)
        {
            throw _failures.Translate(unknown, refreshBeforeUpdate: false);
        }
    }

    private async Task<ResourceResult> LearnedAsync(IResourceHandler handler, Task<ResourceResult> work)
    {
        try
        {
            var result = await work;
            Learn(result.Outputs, handler.StateType);
            return result;
        }
        catch (PartialResultException partial)
        {
            Learn(partial.Partial.Outputs, handler.StateType);
            throw;
        }
    }
}
