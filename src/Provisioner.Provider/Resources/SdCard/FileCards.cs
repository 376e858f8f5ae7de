using System.Globalization;
using System.Security.Cryptography;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Cards.Writing;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>Looks at image files.</summary>
internal static class FileCards
{
    private const int Beginning = 1024 * 1024;

    public static CardFound Find(SdCardArgs desired, SdCardState? known, string digestKey, CancellationToken cancellation)
    {
        var path = desired.PathOf();
        var found = new CardFound { Path = path, Key = Path.GetFileName(path), Description = $"the image file {path}" };
        var file = new FileInfo(path);
        if (!file.Exists || file.Length == 0)
        {
            return found;
        }

        var mark = MarkOf(file);
        var digest = Digest(path);
        var contents = CardContents.Read(path);
        found = CardRead.With(
            found with
            {
                FileMark = mark,
                Digest = digest,
                Facts =
                [
                    new CardFact { Name = "file", Value = path, IsIdentity = true },
                    new CardFact { Name = "length", Value = string.Create(CultureInfo.InvariantCulture, $"{file.Length} bytes") },
                    new CardFact { Name = "changed", Value = file.LastWriteTimeUtc.ToString("u", CultureInfo.InvariantCulture) },
                    new CardFact { Name = "beginning", Value = digest },
                ],
                Losses = [string.Create(CultureInfo.InvariantCulture, $"{path}: {file.Length} bytes, last changed {file.LastWriteTimeUtc:u}")],
            },
            contents,
            digestKey,
            isBlank: false);

        // What has the length and the time that it had when it was written is what was written; else all of it is read.
        return known is { FileMark.Length: > 0 } && found.Presence == CardPresence.Card && found.ImageSha256 == known.ImageSha256 && mark != known.FileMark
            ? found with { Changed = ContentHash.OfFile(path, cancellation) != known.ContentDigest }
            : found;
    }

    /// <summary>Length and time of the last change.</summary>
    public static string MarkOf(FileInfo file) => string.Create(CultureInfo.InvariantCulture, $"{file.Length}:{file.LastWriteTimeUtc.Ticks}");

    private static string Digest(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var beginning = new byte[Beginning];
        var count = RandomAccess.Read(handle, beginning, 0);
        return Convert.ToHexStringLower(SHA256.HashData(beginning.AsSpan(0, count)));
    }
}
