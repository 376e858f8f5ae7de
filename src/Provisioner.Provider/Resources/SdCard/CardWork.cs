using Provisioner.Provider.Cards;
using Provisioner.Provider.Cards.Writing;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>One writing of one card, with its failures as the plan's.</summary>
/// <param name="medium">What is written to, as it was held while it was looked at last.</param>
internal sealed class CardWork(IMedium medium, SdCardArgs desired, SdCardState before, IOperationContext context)
{
    /// <param name="image">Null when only the identity card changes.</param>
    /// <param name="archive">The identity card's archive.</param>
    /// <param name="cancellation">Ends it; the card then does not boot.</param>
    /// <exception cref="StepFailedException">It did not end well; the card does not boot.</exception>
    public async Task<WrittenCard> RunAsync(ImageSource? image, byte[] archive, CancellationToken cancellation)
    {
        try
        {
            var writer = new CardWriter(medium, new CardProgress(context).Tell);
            if (image is not null)
            {
                return await writer.WriteAsync(image, desired.Sha256Of(), archive, cancellation);
            }

            var bytes = before.Found.ImageBytes;
            writer.ChangeIdentity(archive, new CardStamp(before.Found.ImageSha256, bytes));
            return new WrittenCard(bytes, before.ContentDigest);
        }
        catch (Exception failure) when (failure is ProviderException or IOException or OperationCanceledException or UnauthorizedAccessException)
        {
            var known = failure switch
            {
                ProviderException told => told,
                OperationCanceledException => new CancelledException("It was stopped"),
                _ => new CardAccessException("The card could not be written", failure) { Why = failure.Message },
            };
            throw new StepFailedException($"Writing {before.Found.Description} failed: {known.What}", known)
            {
                Where = known.Where ?? before.Found.Path,
                Why = known.Why,
                Next = known.Next ?? "run up again: it is written from its beginning",
                MayHaveChanged = true,
            };
        }
    }

    /// <summary>Takes hold of the card. Nothing is written yet.</summary>
    public static IMedium Open(CardTarget target)
    {
        if (target.IsDisk)
        {
            return LinuxDisk.Open(target.Path);
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target.Path)!);
            return FileMedium.Open(target.Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CardAccessException("The image file cannot be written", failure) { Where = target.Path, Why = failure.Message, Next = "correct \"target\", or the rights of its folder" };
        }
    }
}
