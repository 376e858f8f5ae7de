using System.Diagnostics;
using System.Globalization;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Cards.Writing;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Cards;

/// <summary>
/// No test: a measurement that tests/card-throughput asks for. Writing and verifying a card, against dd and sha256sum on the same
/// image and target, in turn; and the memory that it takes with a small and with a large image.
/// </summary>
public sealed class CardThroughput : IDisposable
{
    private const int Rounds = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public async Task Print()
    {
        var lines = new List<string>();
        foreach (var size in (int[])[256, 1024])
        {
            await MeasureAsync(size, "file", _folder["card"], path => FileMedium.Open(path), "conv=fsync", lines);
        }

        if (Environment.IsPrivilegedProcess)
        {
            await Tool.RunAsync("truncate", "-s", "1100M", _folder["disk"]);
            var disk = (await Tool.RunAsync("/sbin/losetup", "-f", "--show", "--direct-io=on", _folder["disk"])).Trim();
            try
            {
                await MeasureAsync(1024, "disk", disk, LinuxDisk.Open, "oflag=direct conv=fsync", lines);
            }
            finally
            {
                await Tool.RunAsync("/sbin/losetup", "-d", disk);
            }
        }

        await File.WriteAllLinesAsync(Environment.GetEnvironmentVariable("CARD_THROUGHPUT") ?? throw new InvalidOperationException("CARD_THROUGHPUT names no file for the figures."), lines);
    }

    private async Task MeasureAsync(int size, string kind, string target, Func<string, IMedium> open, string flags, List<string> lines)
    {
        var image = _folder["bench.img"];
        await Tool.RunAsync("/bin/sh", "-c", $"head -c {size}M /dev/urandom > {image}");
        await using (var file = File.OpenWrite(image))
        {
            var block = CardImages.FirstBlock(withIdentity: false);
            CardImages.Entry(block, 2, 0x83, 32768, (uint)((size * 2048) - 32768));
            file.Write(block);
        }

        var sha256 = await TestImage.Sha256Async(image);
        var archive = CardArchive.Write(Identities.Lamp);
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await Tool.RunAsync("/bin/sh", "-c", $"dd if={image} of={target} bs=4M {flags} status=none && head -c {size}M {target} | sha256sum");
            var theirs = Stopwatch.GetElapsedTime(began).TotalSeconds;
            began = Stopwatch.GetTimestamp();
            using (var medium = open(target))
            await using (var source = ImageSource.Open(image))
            {
                await new CardWriter(medium, _ => { }).WriteAsync(source, sha256, archive, CancellationToken.None);
            }

            var ours = Stopwatch.GetElapsedTime(began).TotalSeconds;
            ratios.Add(ours / theirs);
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind} {size} MiB: dd + sha256sum {theirs:0.00} s, write + verify {ours:0.00} s ({size * 1.048576 / ours:0} MB/s), ratio {ours / theirs:0.00}, memory at most {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB"));
        }

        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{kind} {size} MiB: ratio, median of {Rounds}: {ratios.Order().ElementAt(Rounds / 2):0.00}"));
    }
}
