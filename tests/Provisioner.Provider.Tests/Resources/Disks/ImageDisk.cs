using System.Globalization;
using CliWrap.Buffered;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>
/// An image file that the inspection's own shell text reads as the disk sda, with real cmp, dd, head and blkid behind shims that
/// know where the file is. lsblk tells of a disk without partitions.
/// </summary>
internal sealed class ImageDisk : IDisposable
{
    private const string Rest = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly TemporaryFolder _folder = new();

    public ImageDisk(long size)
    {
        var at = _folder.Path;
        foreach (var tool in new[] { "cmp", "dd", "head" })
        {
            Tool(tool, $"for a in \"$@\"; do shift; case $a in /dev/sda*) a=\"{at}/${{a#/dev/}}\" ;; if=/dev/sda*) a=\"if={at}/${{a#if=/dev/}}\" ;; esac; set -- \"$@\" \"$a\"; done\nPATH={Rest} exec {tool} \"$@\"");
        }

        Tool("blkid", $"r=2; shift; for a in \"$@\"; do f=\"{_folder.Path}/${{a#/dev/}}\"; x=$(PATH={Rest} blkid -p \"$f\"); x=${{x#*:}}; [ -z \"$x\" ] || {{ r=0; printf '%s:%s\\n' \"$a\" \"$x\"; }}; done; exit \"$r\"");
        Tool("timeout", "shift; exec /usr/bin/timeout 1 \"$@\"");
        using (var file = File.Create(Path))
        {
            file.SetLength(size);
        }

        Tool("lsblk", string.Create(
            CultureInfo.InvariantCulture,
            $"echo 'KNAME=\"sda\" PKNAME=\"\" PATH=\"/dev/sda\" TYPE=\"disk\" SIZE=\"{size}\" START=\"\" RO=\"0\" RM=\"0\" TRAN=\"usb\" MODEL=\"Portable SSD T5\" SERIAL=\"{DiskWorld.Serial}\" MOUNTPOINTS=\"\"'"));
        var known = Directory.CreateDirectory(System.IO.Path.Combine(_folder.Path, "sys", "block", "sda")).FullName;
        File.WriteAllText(System.IO.Path.Combine(known, "size"), $"{(size / 512).ToString(CultureInfo.InvariantCulture)}\n");
    }

    private string Path => System.IO.Path.Combine(_folder.Path, "sda");

    /// <summary>Has a tool of the device's do this.</summary>
    public void Tool(string name, string text)
    {
        var path = System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(_folder.Path, "bin")).FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>What the inspection makes of the disk.</summary>
    public async Task<DeviceFacts> TellAsync()
    {
        var result = await RunAsync(Shell.Lines(Shell.Of($"set +eu\np={_folder.Path}\nlinks=\nvdevs="), BlockScript.Functions, Shell.Of($"disk sda")));
        return DeviceFactsParser.Parse(
            $"\n--w mounts\n/dev/mmcblk0p2 / ext4 rw 0 0\n\n--w disk-links\nlrwxrwxrwx 1 root root 9 Nov 23 02:44 {DiskWorld.Id} -> ../../sda\n\n--w disk sda\n{result.StandardOutput}\n--w end\n", "w", WifiFacts.Key);
    }

    /// <summary>Runs a piece of a script with the device's tools, the disk's name in <c>$n</c>.</summary>
    public Task<BufferedCommandResult> RunAsync(Shell script) =>
        Sh.RunAsync(Shell.Lines(Shell.Of($"n=sda"), script), path: $"{_folder.Path}/bin:{Rest}");

    public void Write(long place, byte[] bytes)
    {
        using var file = File.OpenWrite(Path);
        file.Position = place;
        file.Write(bytes);
    }

    public void Dispose() => _folder.Dispose();
}
