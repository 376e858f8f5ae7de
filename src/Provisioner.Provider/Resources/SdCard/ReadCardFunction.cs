using Provisioner.Provider.Cards;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>Which card to read.</summary>
[Doc("Reads a card or a card image, and tells whose it is without its secrets.")]
internal sealed record ReadCardArgs
{
    [Doc("An image file that is not compressed, or a disk of this machine.")]
    public required string Path { get; init; }
}

/// <summary>Reads a card and tells whose it is, without its secrets.</summary>
internal sealed class ReadCardFunction : FunctionHandler<ReadCardArgs, CardSummary>
{
    protected override Task<CardSummary> InvokeAsync(ReadCardArgs arguments, IOperationContext context, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(HomePath.Expand(arguments.Path));
        if (path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".xz", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputInvalidException("A compressed image is read as it is, and so cannot be read") { Where = path, Next = "give a card, or an image that is not compressed" };
        }

        try
        {
            return Task.FromResult(CardSummary.Of(CardContents.Read(path)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CardAccessException("The card cannot be read", failure) { Where = path, Why = failure.Message };
        }
    }
}
