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
        var listing = await here.RunAsync(Looking(Shell.Of(
            $"""
            command -v mdir >/dev/null || exit 3
            export MTOOLS_SKIP_CHECK=1
            mdir -/ -b -i {volume} :: || exit 4
            """)) with { ExitCodes = [0, 3, 4] }, cancellation);
        if (listing.ExitCode == 3)
        {
            throw new NotSupportedHereException("The firmware partition of an image is read with mtools, and that is not here") { Next = "install it: apt install mtools, or brew install mtools" };
        }

        if (listing.ExitCode == 4)
        {
            return listing.StderrTail.Contains("No files", StringComparison.OrdinalIgnoreCase) ? new FirmwareVolume([]) : null;
        }

        ImmutableArray<string> files = [.. listing.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith("::/", StringComparison.Ordinal) && !line.EndsWith('/')).Select(line => line[3..])];
        ImmutableArray<string> wanted = [.. files.Where(file => Texts.Contains(Path.GetExtension(file)))];
        return new FirmwareVolume(files) { Contents = await TextsAsync(volume, wanted, Directory.CreateDirectory(Path.Combine(work, "firmware")).FullName, here, cancellation) };
    }

    private static async Task<ImmutableSortedDictionary<string, string>> TextsAsync(
        string volume, ImmutableArray<string> files, string folder, IRemote here, CancellationToken cancellation)
    {
        if (files.IsEmpty)
        {
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        // mtools takes [ ] * ? in names for patterns; such a file is left out of the copy, and then missed below.
        ImmutableArray<string> sources = [.. files.Where(file => file.AsSpan().IndexOfAny("*?[]\\") < 0).Select(file => "::/" + file)];
        ImmutableArray<string> lines = [.. sources.Select((source, index) => $"{index}")];
        await here.RunAsync(Looking(Shell.Lines(
            [Shell.Of($"export MTOOLS_SKIP_CHECK=1"), .. sources.Zip(lines, (source, name) => Shell.Of($"mcopy -n -i {volume} {source} {Path.Combine(folder, name)}"))])), cancellation);
        return sources.Select((source, index) => (Path: source[3..], File: new FileInfo(Path.Combine(folder, $"{index}"))))
            .Where(copy => copy.File is { Exists: true, Length: < 1 << 20 })
            .ToImmutableSortedDictionary(copy => copy.Path, copy => File.ReadAllText(copy.File.FullName), StringComparer.Ordinal);
    }

    private static Script Looking(Shell text) => Script.Looking(text) with { NeedsRoot = false };
}
