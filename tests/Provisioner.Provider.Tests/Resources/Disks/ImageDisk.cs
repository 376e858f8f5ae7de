using System.Globalization;
using CliWrap.Buffered;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>
/// An image file that the inspection's own shell text reads as the disk sda, with real cmp, dd, head, blkid and partx behind shims
/// that know where the file is. lsblk, which tells what the kernel has, is what a test says.
/// </summary>
internal sealed class ImageDisk : IDisposable
{
    private const string Rest = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly TemporaryFolder _folder = new();

    public ImageDisk(long size)
    {
        Size = size;

        // Partitions are files of their own beside the disk's.
        var at = _folder.Path;
        foreach (var tool in new[] { "cmp", "dd", "head", "partx" })
        {
            Tool(tool, $"for a in \"$@\"; do shift; case $a in /dev/sda*) a=\"{at}/${{a#/dev/}}\" ;; if=/dev/sda*) a=\"if={at}/${{a#if=/dev/}}\" ;; esac; set -- \"$@\" \"$a\"; done\nPATH={Rest} exec {tool} \"$@\"");
        }

        // What the kernel knows of an entry is what blkid adds to what it finds in the partition.
        Tool("blkid", $"r=2; shift; for a in \"$@\"; do f=\"{_folder.Path}/${{a#/dev/}}\"; x=$(PATH={Rest} blkid -p \"$f\"); x=${{x#*:}}; if [ -e \"$f.entry\" ]; then x=\"$x $(cat \"$f.entry\")\"; fi; [ -z \"$x\" ] || {{ r=0; printf '%s:%s\\n' \"$a\" \"$x\"; }}; done; exit \"$r\"");
        Tool("blockdev", $"case $1 in --getsize64) echo {size.ToString(CultureInfo.InvariantCulture)} ;; esac");
        using (var file = File.Create(Path))
        {
            file.SetLength(size);
        }

        File.WriteAllText(System.IO.Path.Combine(_folder.Path, "lsblk.txt"), Line("sda", "", "disk", size, ""));
        Tool("lsblk", $"cat {_folder.Path}/lsblk.txt");
        Known("block/sda", size);
    }

    public string Path => System.IO.Path.Combine(_folder.Path, "sda");

    public long Size { get; }

    /// <summary>Has a tool of the device's do this.</summary>
    public void Tool(string name, string text)
    {
        var path = System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(_folder.Path, "bin")).FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Has the kernel know the partitions of the table that is there, or none.</summary>
    public async Task KnowAsync(bool partitions)
    {
        var lines = Line("sda", "", "disk", Size, "");
        var table = partitions ? (await RunAsync(Shell.Of($"PATH={Rest} partx -Po NR,START,SECTORS,TYPE,UUID,NAME \"$d\""))).StandardOutput : "";
        foreach (var entry in table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(PairText.Read))
        {
            var (name, start, size) = ($"sda{entry["NR"]}", entry.Number("START")!.Value * 512, entry.Number("SECTORS")!.Value * 512);
            lines += Line(name, "sda", "part", size, entry["START"]!);
            await using (var file = File.Create(System.IO.Path.Combine(_folder.Path, name)))
            {
                await file.WriteAsync(Read(start, 1 << 20));
                file.SetLength(size);
            }

            await File.WriteAllTextAsync(
                System.IO.Path.Combine(_folder.Path, name + ".entry"),
                $"PART_ENTRY_SCHEME=\"gpt\" PART_ENTRY_NAME=\"{entry["NAME"]}\" PART_ENTRY_UUID=\"{entry["UUID"]}\" PART_ENTRY_TYPE=\"{entry["TYPE"]}\" PART_ENTRY_NUMBER=\"{entry["NR"]}\"");
            Known($"class/block/{name}", size);
        }

        await File.WriteAllTextAsync(System.IO.Path.Combine(_folder.Path, "lsblk.txt"), lines);
    }

    /// <summary>What the inspection makes of the disk.</summary>
    public async Task<DeviceFacts> TellAsync()
    {
        var result = await RunAsync(Shell.Lines(Shell.Of($"set +eu\np={_folder.Path}\nlinks=\nvdevs="), BlockScript.Functions, Shell.Of($"disk sda")));
        return DeviceFactsParser.Parse(
            $"\n--w mounts\n/dev/mmcblk0p2 / ext4 rw 0 0\n\n--w disk-links\nlrwxrwxrwx 1 root root 9 Nov 23 02:44 {DiskWorld.Id} -> ../../sda\n\n--w disk sda\n{result.StandardOutput}\n--w end\n", "w", WifiFacts.Key);
    }

    /// <summary>Runs a piece of a script with the device's tools, the file in <c>$d</c>.</summary>
    public Task<BufferedCommandResult> RunAsync(Shell script) =>
        Sh.RunAsync(Shell.Lines(Shell.Of($"d={Path}\nn=sda"), script), path: $"{_folder.Path}/bin:{Rest}");

    public void Write(long place, byte[] bytes)
    {
        using var file = File.OpenWrite(Path);
        file.Position = place;
        file.Write(bytes);
    }

    public byte[] Read(long place, int length)
    {
        using var file = File.OpenRead(Path);
        file.Position = place;
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return bytes;
    }

    public void Dispose() => _folder.Dispose();

    private void Known(string path, long size)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(_folder.Path, "sys", path)).FullName;
        File.WriteAllText(System.IO.Path.Combine(folder, "size"), $"{(size / 512).ToString(CultureInfo.InvariantCulture)}\n");
    }

    private static string Line(string name, string parent, string type, long size, string start) => string.Create(
        CultureInfo.InvariantCulture,
        $"KNAME=\"{name}\" PKNAME=\"{parent}\" PATH=\"/dev/{name}\" TYPE=\"{type}\" SIZE=\"{size}\" START=\"{start}\" RO=\"0\" RM=\"0\" TRAN=\"usb\" MODEL=\"Portable SSD T5\" SERIAL=\"{(parent.Length == 0 ? DiskWorld.Serial : "")}\" MOUNTPOINTS=\"\"\n");
}
