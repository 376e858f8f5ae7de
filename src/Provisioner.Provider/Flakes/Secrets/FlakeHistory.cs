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
        var found = await ScanAsync(prefix, cancellation);
        if (found.Count == 0)
        {
            return [];
        }

        var commits = await CommitsAsync([.. found.Select(finding => finding.Blob)], cancellation);

        // The same text in many versions of a file is one digest to make.
        var findings = new Dictionary<(string Path, SecretKind Kind, string Content), SecretFinding>();
        return
        [
            .. found.Select(hit =>
            {
                var key = (hit.Path, hit.Hit.Kind, hit.Hit.Content);
                var known = findings.TryGetValue(key, out var finding) ? finding : findings[key] = SecretFinding.Of(hit.Hit, hit.Path, SecretPlace.Committed);
                return known with { Line = hit.Hit.Line, Commit = commits.GetValueOrDefault(hit.Blob, hit.Blob) };
            }),
        ];
    }

    private async Task<IReadOnlyList<(string Blob, string Path, SecretHit Hit)>> ScanAsync(string prefix, CancellationToken cancellation)
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

    private static List<(string Blob, string Path, SecretHit Hit)> Scan(Stream stream, string prefix)
    {
        var found = new List<(string, string, SecretHit)>();
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
                found.AddRange(SecretScanner.Scan(body, path).Select(hit => (words[0], path, hit)));
            }

            body.Skip();
            stream.ReadByte();
        }

        return found;
    }

    /// <summary>For each blob the oldest commit that has it and whose parent has not. The history is gone through once, however many there are.</summary>
    private async Task<Dictionary<string, string>> CommitsAsync(HashSet<string> blobs, CancellationToken cancellation)
    {
        var commits = new Dictionary<string, string>(StringComparer.Ordinal);
        var commit = string.Empty;
        await _git.ReadAsync(
            ["log", "--all", "--full-history", "-m", "--raw", "--no-abbrev", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv", "--format=%H", "--", "."],
            PipeSource.Null,
            PipeTarget.ToDelegate(line =>
            {
                // ":mode mode blob blob change\tpath"; from the newest commit to the oldest, so the last one stays.
                if (line.StartsWith(':') && line.Split(' ', 5) is [_, _, _, var blob, ..])
                {
                    _ = blobs.Contains(blob) ? commits[blob] = commit : null;
                }
                else if (line.Length > 0)
                {
                    commit = line;
                }
            }),
            cancellation);
        return commits;
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
