using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Images;

/// <summary>The FAT file system of an image, by mtools: no mount and no root.</summary>
/// <param name="Files">Paths from its root, in the case that they have there.</param>
internal sealed record FirmwareVolume(ImmutableArray<string> Files)
{
    // What is text and small on such a volume; the rest is firmware and kernels.
    private static readonly ImmutableHashSet<string> Texts = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase, ".txt", ".conf", ".nmconnection", ".toml", ".yaml", ".yml", ".json", ".sh", ".env", ".key", ".pem", ".psk", ".nix", "");

    private const int LongestListing = 1 << 20;
    private const int LargestText = 1 << 20;
    private const int MostTexts = 2000;
    private const int TextsAtOnce = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The texts on it, by their paths.</summary>
    public ImmutableSortedDictionary<string, string> Contents { get; private init; } = ImmutableSortedDictionary<string, string>.Empty;

    public bool Has(string path) => Files.Contains(path, StringComparer.OrdinalIgnoreCase);

    /// <summary>A text on it; empty when there is none.</summary>
    public string Text(string path) => Contents.FirstOrDefault(entry => entry.Key.Equals(path, StringComparison.OrdinalIgnoreCase)).Value ?? string.Empty;

    /// <summary>Reads it; null when there is no FAT file system at the offset.</summary>
    /// <exception cref="NotSupportedHereException">mtools is not here.</exception>
    public static async Task<FirmwareVolume?> ReadAsync(string image, long offset, string work, IRemote here, CancellationToken cancellation)
    {
        var volume = $"{image}@@{offset}";
        var listing = await ListingAsync(volume, here, cancellation);
        if (listing is { ExitCode: 3 })
        {
            throw new NotSupportedHereException("The firmware partition of an image is read with mtools, and that is not here") { Next = "install it: apt install mtools, or brew install mtools" };
        }

        if (listing is not { ExitCode: 0 })
        {
            return listing?.StderrTail.Contains("No files", StringComparison.OrdinalIgnoreCase) == true ? new FirmwareVolume([]) : null;
        }

        ImmutableArray<string> files = [.. listing.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith("::/", StringComparison.Ordinal) && !line.EndsWith('/')).Select(line => line[3..])];
        ImmutableArray<string> wanted = [.. files.Where(file => Texts.Contains(Path.GetExtension(file))).Distinct(StringComparer.Ordinal)];
        return wanted.Length <= MostTexts && await TextsAsync(volume, wanted, Directory.CreateDirectory(Path.Combine(work, "firmware")).FullName, here, cancellation) is { } contents
            ? new FirmwareVolume(files) { Contents = contents }
            : null;
    }

    private static Task<ScriptResult?> ListingAsync(string volume, IRemote here, CancellationToken cancellation) => TryAsync(
        Looking(Shell.Of(
            $"""
            command -v mdir >/dev/null || exit 3
            export MTOOLS_SKIP_CHECK=1
            mdir -/ -b -i {volume} :: || exit 4
            """)) with { ExitCodes = [0, 3, 4], OutputLimit = LongestListing },
        here,
        cancellation);

    /// <summary>Asks mtools; null where it does not come to an end, as in a folder that holds itself.</summary>
    private static async Task<ScriptResult?> TryAsync(Script script, IRemote here, CancellationToken cancellation)
    {
        try
        {
            return await here.RunAsync(script with { Deadline = Patience }, cancellation);
        }
        catch (Exception endless) when (endless is ScriptFailedException or ScriptTimeoutException)
        {
            return null;
        }
    }

    /// <summary>
    /// Copies them by some at a time, as many as one script can name. A file that says to be larger than a text is cut, however
    /// much of the partition it leads through.
    /// </summary>
    /// <returns>Null where mtools does not come to an end, or cannot copy one.</returns>
    private static async Task<ImmutableSortedDictionary<string, string>?> TextsAsync(
        string volume, ImmutableArray<string> files, string folder, IRemote here, CancellationToken cancellation)
    {
        // mtools takes [ ] * ? in names for patterns; such a file is left out of the copy, and then missed below.
        var copies = files.Where(file => file.AsSpan().IndexOfAny("*?[]\\") < 0 && ShellQuoting.CanQuote(file))
            .Select((file, index) => (Path: file, Copy: Path.Combine(folder, $"{index}"))).ToList();
        foreach (var some in copies.Chunk(TextsAtOnce))
        {
            var copying = Looking(Shell.Lines(
                [
                    Shell.Of($"export MTOOLS_SKIP_CHECK=1\nulimit -f {LargestText / 512 * 2}"),
                    .. some.Select(file => Shell.Of($"mcopy -n -i {volume} {"::/" + file.Path} {file.Copy} || :")),
                ]));
            if (await TryAsync(copying, here, cancellation) is null)
            {
                return null;
            }
        }

        return !copies.TrueForAll(copy => File.Exists(copy.Copy)) ? null : copies.Select(copy => (copy.Path, File: new FileInfo(copy.Copy)))
            .Where(copy => copy.File.Length < LargestText)
            .ToImmutableSortedDictionary(copy => copy.Path, copy => File.ReadAllText(copy.File.FullName), StringComparer.Ordinal);
    }

    private static Script Looking(Shell text) => Script.Looking(text) with { NeedsRoot = false };
}
