using System.Collections.Immutable;
using System.Text;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;
using Pulumi.Wire;

namespace Provisioner.Provider.Images.Lint;

/// <summary>The kernel's modules in an image, as far as they decide on anything.</summary>
/// <param name="Version">The folder's name: the kernel they are for.</param>
/// <param name="Kernel">What the kernel says of itself; null when it does not say it openly.</param>
/// <param name="Names">All modules, without folders and endings.</param>
/// <param name="ZfsMagic">What the ZFS module says it is for; null when there is none, or it does not say.</param>
internal sealed record KernelModules(string Version, string? Kernel, ImmutableHashSet<string> Names, string? ZfsMagic);

/// <summary>WiFi driver, WiFi firmware, and a ZFS module that the kernel takes.</summary>
internal static class ModulesLint
{
    private const int LargestModule = 64 << 20;
    private const int Deepest = 12;

    public static async Task<KernelModules?> ReadAsync(Ext4Reader files, SystemTree tree, IRemote here, CancellationToken cancellation)
    {
        var version = files.Names(tree.Modules).Order(StringComparer.Ordinal).LastOrDefault(name => files.Find($"{tree.Modules}/{name}") is { IsFolder: true });
        if (version is null)
        {
            return null;
        }

        var paths = files.Walk($"{tree.Modules}/{version}", Deepest, [], follow: true).Select(entry => entry.Path).Where(path => Path.GetFileName(path).Contains(".ko", StringComparison.Ordinal)).ToList();
        var zfs = paths.FirstOrDefault(path => NameOf(path) == "zfs");
        return new KernelModules(
            version,
            tree.Root.Length > 0 ? KernelVersion(files, tree.Root + "/kernel") : null,
            [.. paths.Select(NameOf)],
            zfs is null ? null : MagicOf(await ContentAsync(files, zfs, here, cancellation)));
    }

    public static IEnumerable<LintFinding> Check(ImageBoard board, KernelModules? modules, Ext4Reader files, SystemTree tree, ImmutableArray<string>.Builder contents)
    {
        if (modules is null)
        {
            yield return new LintFinding("modules", $"there are no kernel modules in {tree.Modules}", "the kernel starts without WiFi, without USB and without ZFS");
            yield break;
        }

        contents.Add($"{tree.Name}, kernel {modules.Version}");
        var driver = board == ImageBoard.Pi4 ? "brcmfmac" : "mac80211_hwsim";
        if (!modules.Names.Contains(driver))
        {
            yield return new LintFinding(
                "wifi-driver", $"the WiFi driver {driver} is not among the modules of kernel {modules.Version}", "the system boots and has no network at all; nothing tells it from a dead one");
        }

        // The Pi 4's chip; the driver asks for these by name, and distributions compress them.
        if (board == ImageBoard.Pi4 && !tree.Firmware.Any(folder => files.Names(folder + "/brcm").Any(name => name.StartsWith("brcmfmac43455-sdio", StringComparison.Ordinal) && name.Contains(".bin", StringComparison.Ordinal))))
        {
            yield return new LintFinding(
                "wifi-firmware", "the WiFi chip's firmware brcm/brcmfmac43455-sdio.bin is missing", "the driver loads, finds no firmware for its chip, and there is no wlan0");
        }

        foreach (var finding in Zfs(modules, files, tree, contents))
        {
            yield return finding;
        }
    }

    private static IEnumerable<LintFinding> Zfs(KernelModules modules, Ext4Reader files, SystemTree tree, ImmutableArray<string>.Builder contents)
    {
        if (!modules.Names.Contains("zfs") || !modules.Names.Contains("spl"))
        {
            yield return new LintFinding("zfs", $"there is no ZFS module for kernel {modules.Version}", "the Pi answers, and then cannot make or import a pool: the installation ends there");
        }
        else if (modules.ZfsMagic is not { } magic || magic.Split(' ')[0] != modules.Version)
        {
            yield return new LintFinding(
                "zfs",
                $"the ZFS module is for kernel {modules.ZfsMagic?.Split(' ')[0] ?? "(it does not say)"}, the modules are for {modules.Version}",
                "the kernel refuses the module, and the Pi cannot make or import a pool: the installation ends there");
        }
        else if (modules.Kernel is { } kernel && kernel != modules.Version)
        {
            yield return new LintFinding("zfs", $"the kernel is {kernel}, its modules, ZFS too, are for {modules.Version}", "the kernel finds no module at all: no WiFi, no ZFS");
        }
        else if (!tree.Programs.Any(folder => files.Find(folder + "/zpool") is not null))
        {
            yield return new LintFinding("zfs", "the program zpool is missing", "the module is there and nobody can make a pool with it");
        }
        else
        {
            contents.Add($"ZFS for {magic.Split(' ')[0]}");
        }
    }

    private static string NameOf(string path) => Path.GetFileName(path).Split('.')[0].Replace('-', '_');

    private static async Task<byte[]> ContentAsync(Ext4Reader files, string path, IRemote here, CancellationToken cancellation)
    {
        var content = files.Read(path, LargestModule) ?? [];
        return path.EndsWith(".zst", StringComparison.Ordinal) ? Decompressed(content, path)
            : path.EndsWith(".xz", StringComparison.Ordinal) ? await UnpackedAsync(content, path, here, cancellation)
            : content;
    }

    /// <exception cref="InvalidDataException">It is damaged, or becomes too large.</exception>
    private static byte[] Decompressed(byte[] content, string path)
    {
        try
        {
            using var stream = new ZstdSharp.DecompressionStream(new MemoryStream(content));
            return BoundedStream.ToEnd(stream, LargestModule) ?? throw new InvalidDataException($"{path} in it is larger than {LargestModule >> 20} MiB");
        }
        catch (Exception damaged) when (damaged is ZstdSharp.ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"{path} in it is damaged: it is no zstd", damaged);
        }
    }

    /// <exception cref="InvalidDataException">It is damaged, or becomes too large.</exception>
    private static async Task<byte[]> UnpackedAsync(byte[] content, string path, IRemote here, CancellationToken cancellation)
    {
        var script = Script.Looking(Shell.Of($"xz -dc --memlimit-decompress=256MiB")) with { NeedsRoot = false, Stdin = Payload.Streamed(content.Length, () => new MemoryStream(content)), OutputLimit = LargestModule };
        try
        {
            return (await here.RunAsync(script, cancellation)).Stdout.ToArray();
        }
        catch (Exception damaged) when (damaged is ScriptFailedException or ScriptTimeoutException)
        {
            throw new InvalidDataException($"{path} in it cannot be decompressed: {((ProviderException)damaged).Why}", damaged);
        }
    }

    private static string? MagicOf(ReadOnlySpan<byte> module) => After(module, "vermagic="u8, 0);

    /// <summary>A kernel that is not compressed, as those for the Pi are, has its version in it as a text.</summary>
    private static string? KernelVersion(Ext4Reader files, string path) =>
        files.Find(path) is { IsFile: true } kernel ? After(files.Read(kernel, LargestModule), "Linux version "u8, (byte)' ') : null;

    private static string? After(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> word, byte end)
    {
        for (var at = bytes.IndexOf(word); at >= 0; at = bytes.IndexOf(word))
        {
            bytes = bytes[(at + word.Length)..];
            var length = bytes.IndexOf(end);

            // In a kernel the words also stand as a pattern: "Linux version %s".
            if (length is > 0 and < 256 && bytes[0] is >= (byte)'0' and <= (byte)'9')
            {
                return Encoding.ASCII.GetString(bytes[..length]);
            }
        }

        return null;
    }
}
