using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using CliWrap;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>
/// Every version that a file of the flake's folder has ever had, on any branch, tag or stash: each is read once, as a stream,
/// however many commits have it.
/// </summary>
internal sealed class FlakeHistory(string folder)
{
    private readonly Git _git = new(folder);

    /// <summary>Secrets in old versions, each with the commit that brought it.</summary>
    public async Task<ImmutableArray<SecretFinding>> SearchAsync(CancellationToken cancellation)
    {
        if ((await _git.ItemsAsync('\n', cancellation, "rev-list", "--all", "--max-count=1")).Count == 0)
        {
            return [];
        }

        var prefix = string.Concat(await _git.ItemsAsync('\n', cancellation, "rev-parse", "--show-prefix"));
        var findings = ImmutableArray.CreateBuilder<SecretFinding>();
        foreach (var (blob, path, kind, line) in await ScanAsync(prefix, cancellation))
        {
            var place = new SecretFinding(kind, path, line, SecretPlace.Committed);
            findings.Add(place with { Commit = await CommitOfAsync(blob, cancellation) });
        }

        return findings.ToImmutable();
    }

    private async Task<IReadOnlyList<(string Blob, string Path, SecretKind Kind, int Line)>> ScanAsync(string prefix, CancellationToken cancellation)
    {
        // Both ends stream: the list of objects into cat-file, its answers into the scanner.
        var names = new Pipe();
        var content = new Pipe();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var listing = EndAsync(names.Writer, _git.ReadAsync(
            ["rev-list", "--objects", "--all", "--full-history", "--", "."], PipeSource.Null, PipeTarget.ToStream(names.Writer.AsStream(leaveOpen: true)), stop.Token));
        var reading = EndAsync(content.Writer, _git.ReadAsync(
            ["cat-file", "--batch=%(objectname) %(objecttype) %(objectsize) %(rest)", "--buffer"],
            PipeSource.FromStream(names.Reader.AsStream()),
            PipeTarget.ToStream(content.Writer.AsStream(leaveOpen: true)),
            stop.Token));
        try
        {
            var found = await Task.Run(() => Scan(new BufferedStream(content.Reader.AsStream(), 64 * 1024), prefix), cancellation);
            await Task.WhenAll(listing, reading);
            return found;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private static List<(string Blob, string Path, SecretKind Kind, int Line)> Scan(Stream stream, string prefix)
    {
        var found = new List<(string, string, SecretKind, int)>();
        while (Header(stream) is { } header)
        {
            var words = header.Split(' ', 4);
            if (words.Length < 3 || !long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                continue;
            }

            using var body = new Section(stream, size);
            var path = words.Length > 3 ? words[3] : string.Empty;
            if (words[1] == "blob" && path.StartsWith(prefix, StringComparison.Ordinal))
            {
                path = path[prefix.Length..];
                found.AddRange(SecretScanner.Scan(body, path).Select(hit => (words[0], path, hit.Kind, hit.Line)));
            }

            body.Skip();
            stream.ReadByte();
        }

        return found;
    }

    /// <summary>The oldest commit that has the blob and whose parent has not.</summary>
    private async Task<string> CommitOfAsync(string blob, CancellationToken cancellation)
    {
        var commits = await _git.ItemsAsync(
            '\n', cancellation, "log", "--all", "--full-history", "-m", "--no-color", "--no-ext-diff", "--no-textconv", "--format=%H", "--find-object=" + blob, "--no-patch");
        return commits.Count > 0 ? commits[^1] : blob;
    }

    private static string? Header(Stream stream)
    {
        var line = new List<byte>();
        for (var next = stream.ReadByte(); next >= 0; next = stream.ReadByte())
        {
            if (next == '\n')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add((byte)next);
        }

        return null;
    }

    private static async Task EndAsync(PipeWriter writer, Task work)
    {
        try
        {
            await work;
            await writer.CompleteAsync();
        }
        catch (Exception failure)
        {
            await writer.CompleteAsync(failure);
            throw;
        }
    }
}
