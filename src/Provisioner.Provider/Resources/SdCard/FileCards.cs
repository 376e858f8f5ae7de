using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Cards.Writing;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>Looks at image files.</summary>
internal static class FileCards
{
    private const int Beginning = 1024 * 1024;

    /// <summary>What is in the file.</summary>
    /// <param name="target">Where it is.</param>
    /// <param name="known">What was written last.</param>
    /// <param name="digestKey">The key of the identity's digest.</param>
    /// <param name="held">The file as it is open to be written; it is opened when there is none.</param>
    /// <param name="cancellation">Ends it.</param>
    public static CardFound Find(CardTarget target, SdCardState? known, string digestKey, SafeFileHandle? held, CancellationToken cancellation)
    {
        var path = target.Path;
        var found = new CardFound { Path = path, Key = Path.GetFileName(path), Description = $"the image file {path}" };
        if (held is null && target.Node is null)
        {
            return found;
        }

        using var opened = held is null ? FileMedium.OpenToRead(path) : null;
        var handle = held ?? opened!;
        var isThat = Node.Of(handle).Identity == target.Node?.Identity;
        found = found with { Forbidden = [.. FileUses.Of(target), .. isThat ? Array.Empty<string>() : ["another file has its place by now"]] };
        return In(handle, found, known, digestKey, cancellation);
    }

    /// <summary>Length and time of the last change.</summary>
    public static string MarkOf(SafeFileHandle handle) => string.Create(CultureInfo.InvariantCulture, $"{RandomAccess.GetLength(handle)}:{File.GetLastWriteTimeUtc(handle).Ticks}");

    private static CardFound In(SafeFileHandle handle, CardFound found, SdCardState? known, string digestKey, CancellationToken cancellation)
    {
        var length = RandomAccess.GetLength(handle);
        if (length == 0)
        {
            return found;
        }

        var path = found.Path;
        var changed = File.GetLastWriteTimeUtc(handle);
        var mark = MarkOf(handle);
        var digest = Digest(handle);
        found = CardRead.With(
            found with
            {
                FileMark = mark,
                Digest = digest,
                Facts =
                [
                    new CardFact { Name = "file", Value = path, IsIdentity = true },
                    new CardFact { Name = "length", Value = string.Create(CultureInfo.InvariantCulture, $"{length} bytes") },
                    new CardFact { Name = "changed", Value = $"{changed.ToString("O", CultureInfo.InvariantCulture)} {Node.Of(handle).Changed}".TrimEnd() },
                    new CardFact { Name = "beginning", Value = digest },
                ],
                Losses = [string.Create(CultureInfo.InvariantCulture, $"{path}: {length} bytes, last changed {changed:u}")],
            },
            CardContents.Read(handle),
            digestKey,
            isBlank: false,
            isBare: true);

        // What has the length and the time that it had when it was written is what was written; else all of it is read.
        return known is { FileMark.Length: > 0 } && found.Presence == CardPresence.Card && found.ImageSha256 == known.ImageSha256 && mark != known.FileMark
            ? found with { Changed = ContentHash.OfFile(handle, cancellation) != known.ContentDigest }
            : found;
    }

    private static string Digest(SafeFileHandle handle)
    {
        var beginning = new byte[Beginning];
        var count = RandomAccess.Read(handle, beginning, 0);
        return Convert.ToHexStringLower(SHA256.HashData(beginning.AsSpan(0, count)));
    }
}
