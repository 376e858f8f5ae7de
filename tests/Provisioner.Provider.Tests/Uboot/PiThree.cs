using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Uboot;

/// <summary>
/// The real U-Boot of a Raspberry Pi with a card in its slot and a USB disk, on QEMU's raspi3b. What differs from the board that
/// the project is for: a Pi 3, not a Pi 4; Debian's builds of U-Boot, not nixpkgs'; QEMU starts U-Boot itself, so there is no
/// EEPROM, no firmware and no BOOT_ORDER; and the kernels on the disks are none, so U-Boot goes on to the next place.
/// </summary>
internal sealed partial class PiThree(string suite)
{
    private static readonly Lazy<Task<string>> Fetched = new(FetchAsync);

    /// <summary>What U-Boot retrieved at one start, in order: each path of a file that an extlinux.conf names.</summary>
    /// <param name="card">The card's image; its size is a power of two.</param>
    /// <param name="disk">The disk's image.</param>
    /// <param name="last">A word that is in the last path that is of interest: the machine is switched off then.</param>
    public async Task<string[]> StartAsync(string card, string disk, string last)
    {
        var files = await Fetched.Value;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var off = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var console = new StringBuilder();
        var machine = Cli.Wrap("qemu-system-aarch64")
            .WithArguments([
                "-M", "raspi3b", "-kernel", Path.Combine(files, $"{suite}.bin"), "-dtb", Path.Combine(files, "board.dtb"),
                "-drive", $"if=sd,format=raw,file={card}", "-drive", $"if=none,id=usb,format=raw,file={disk}", "-device", "usb-storage,drive=usb",
                "-display", "none", "-serial", "null", "-serial", "stdio", "-monitor", "none"])
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line =>
            {
                console.Append(line).Append('\n');
                if (line.Contains("Retrieving file:", StringComparison.Ordinal) && line.Contains(last, StringComparison.Ordinal))
                {
                    off.Cancel();
                }
            }));
        try
        {
            await machine.ExecuteAsync(off.Token);
        }
        catch (OperationCanceledException) when (!limit.IsCancellationRequested)
        {
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"U-Boot did not come to {last}:\n{console}");
        }

        return [.. Retrieved().Matches(console.ToString()).Select(match => match.Groups["path"].Value).Where(path => path.Contains("kernel", StringComparison.Ordinal))];
    }

    private static async Task<string> FetchAsync()
    {
        var cache = Environment.GetEnvironmentVariable("PROVISIONER_CACHE")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "provisioner");
        var folder = Path.Combine(cache, "uboot");
        await Tool.RunAsync(Path.Combine(AppContext.BaseDirectory, "Uboot", "fetch"), folder);
        return folder;
    }

    [GeneratedRegex(@"Retrieving file: (?<path>\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Retrieved();
}
