using Provisioner.CommandProvider.Commands;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Pulumi.Wire;

namespace Provisioner.CommandProvider.Remote;

/// <summary><c>command:remote:CopyToRemote</c>.</summary>
internal sealed class CopyToRemoteHandler(ConnectionPool pool, Action<Span<byte>> random) : IResourceHandler
{
    public string Name => "CopyToRemote";

    public string Module => "remote";

    public string Description => RecordShape.Of(ArgsType).Description;

    public bool RefreshBeforeUpdate => false;

    public Type ArgsType => typeof(CopyToRemoteArgs);

    public Type StateType => typeof(CopyToRemoteArgs);

    public CheckResult Check(PropertyMap news, IOperationContext context) => Inputs.Check(news, CopyToRemoteArgs.Rules);

    public DiffResult Diff(PropertyMap olds, PropertyMap oldInputs, PropertyMap news, IOperationContext context) =>
        new(Triggers.Mark(Inputs.Changes(oldInputs, news)), DeleteBeforeReplace: false);

    public async Task<ResourceResult> CreateAsync(PropertyMap inputs, IOperationContext context, CancellationToken cancellation)
    {
        if (context.IsPreview)
        {
            return new ResourceResult(string.Empty, inputs);
        }

        await CopyAsync(Inputs.Require<CopyToRemoteArgs>(this, inputs, context), inputs["source"].ContainsSecrets(), cancellation);
        return new ResourceResult(ResourceId.New(string.Empty, random), inputs);
    }

    public async Task<ResourceResult> UpdateAsync(string id, PropertyMap olds, PropertyMap oldInputs, PropertyMap news, IOperationContext context, CancellationToken cancellation)
    {
        if (!context.IsPreview)
        {
            var wanted = Inputs.Require<CopyToRemoteArgs>(this, news, context);
            var before = Inputs.State<CopyToRemoteArgs>(this, olds, context);

            // Another way to the same machine, or another file with the same content, is no reason to copy.
            if (Identity(wanted) != Identity(before))
            {
                await CopyAsync(wanted, news["source"].ContainsSecrets(), cancellation);
            }
        }

        return new ResourceResult(id, news);
    }

    public Task<ResourceResult?> ReadAsync(string id, PropertyMap? olds, PropertyMap? oldInputs, IOperationContext context, CancellationToken cancellation) =>
        Task.FromResult<ResourceResult?>(olds is null || oldInputs is null ? throw ResourceId.NotImported(Name, id) : new ResourceResult(id, olds));

    public Task DeleteAsync(string id, PropertyMap olds, PropertyMap oldInputs, IOperationContext context, CancellationToken cancellation) => Task.CompletedTask;

    private static (string Content, string Path, string Machine) Identity(CopyToRemoteArgs args) => (
        args.Source.Value switch { PropertyValue.Asset asset => asset.Hash, PropertyValue.Archive archive => archive.Hash, _ => string.Empty },
        args.RemotePath,
        args.Connection.ToString());

    private async Task CopyAsync(CopyToRemoteArgs args, bool isSecret, CancellationToken cancellation)
    {
        await using var source = await CopySource.OpenAsync(args.Source.Value, isSecret, cancellation);
        try
        {
            await pool.RunAsync(args.Connection, source.Script(args.RemotePath), cancellation);
        }
        catch (ScriptFailedException failure)
        {
            throw new CommandFailedException("The copy failed") { Where = $"{args.Connection}: {args.RemotePath}", Why = failure.Why };
        }
    }
}
