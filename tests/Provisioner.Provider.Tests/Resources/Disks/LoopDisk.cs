using CliWrap.Buffered;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Disk;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>
/// A disk that the kernel has made of a file, with a name in /dev/disk/by-id, read and written by the real scripts with the real tools.
/// Two are doubles: lsblk is told the serial number, which a loop device has not, and udevadm has the kernel know the partitions
/// (one that is built to read no tables does not), makes their links, and does what a test wants to happen meanwhile. Needs root.
/// </summary>
internal sealed class LoopDisk : IAsyncDisposable
{
    public const int MiB = 320;

    private const string Rest = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly TemporaryFolder _folder = new();

    private LoopDisk(string serial) => Args = DiskWorld.Args with { ById = $"provisioner-test-{Guid.NewGuid():n}", Serial = serial, EspSizeMiB = 64 };

    public DiskArgs Args { get; }

    public DiskLayout Layout => DiskLayout.Of(Args);

    /// <summary>Such as /dev/loop3.</summary>
    public string Node { get; private set; } = "";

    public string Name => Node["/dev/".Length..];

    /// <summary>What is on the disk.</summary>
    public string Image => _folder["disk"];

    public string Link => $"/dev/disk/by-id/{Args.ById}";

    public static async Task<LoopDisk> MakeAsync(string serial = DiskWorld.Serial, int mib = MiB)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "loop devices are root's");
        var disk = new LoopDisk(serial);
        await Tool.RunAsync("truncate", "-s", $"{mib}M", disk.Image);
        disk.Node = (await Tool.RunAsync("losetup", "-fP", "--show", disk.Image)).Trim();
        Directory.CreateDirectory("/dev/disk/by-id");
        disk.LinkTo(disk.Node);
        disk.Program("lsblk", $"PATH={Rest} lsblk \"$@\" | sed '/KNAME=\"{disk.Name}\"/s/SERIAL=\"\"/SERIAL=\"{serial}\"/'");
        disk.Settling("");
        return disk;
    }

    /// <summary>Has the name in /dev/disk/by-id lead there.</summary>
    public void LinkTo(string node)
    {
        File.Delete(Link);
        File.CreateSymbolicLink(Link, node);
    }

    /// <summary>What happens while a script waits for udev.</summary>
    public void Settling(string meanwhile) => Program(
        "udevadm",
        $"""
        [ "$1" = settle ] || exit 0
        partx -u {Node} 2>/dev/null
        mkdir -p /dev/disk/by-partuuid
        for f in {Node}p*; do
        if [ -b "$f" ] && u=$(blkid -p -s PART_ENTRY_UUID -o value "$f"); then ln -sfn "$f" "/dev/disk/by-partuuid/$u"; echo "$u" >>"{_folder["links"]}"; fi
        done
        {meanwhile}
        """);

    /// <summary>Has a tool of the device's do this.</summary>
    public void Program(string name, string text)
    {
        var path = Path.Combine(Directory.CreateDirectory(_folder["bin"]).FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>What an inspection makes of the disk.</summary>
    public async Task<DiskState> ObserveAsync() => DiskObserver.Observe(Args, null, await TellAsync());

    public async Task<DeviceFacts> TellAsync()
    {
        var result = await RunAsync(Shell.Lines(Shell.Of($"set +eu\np=\nlinks="), BlockScript.Functions, Shell.Of($"vdevs=$(vdevs)\nusers=$(users)\ndisk {Name}")));
        return DeviceFactsParser.Parse(
            $"\n--w mounts\n/dev/mmcblk0p2 / ext4 rw 0 0\n\n--w disk-links\nlrwxrwxrwx 1 root root 9 Nov 23 02:44 {Args.ById} -> ../../{Name}\n\n--w disk {Name}\n{result.StandardOutput}\n--w end\n", "w", WifiFacts.Key);
    }

    public Task<BufferedCommandResult> RunAsync(Shell script) => Sh.RunAsync(script, path: $"{_folder.Path}/bin:{Rest}");

    /// <summary>Runs the plan's steps one behind the other, as an update does; fails at the first that does.</summary>
    public async Task<BufferedCommandResult> UpAsync(DiskArgs? args = null)
    {
        var plan = DiskPlanner.Plan(args ?? Args, await ObserveAsync());
        plan.Refusals.ShouldBeEmpty();
        BufferedCommandResult? last = null;
        foreach (var step in plan.Steps)
        {
            last = await RunAsync(step.Script!.Text);
            if (last.ExitCode != 0)
            {
                break;
            }
        }

        return last.ShouldNotBeNull("nothing was to be done");
    }

    public string Digest() => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Image)));

    public async ValueTask DisposeAsync()
    {
        File.Delete(Link);
        var made = _folder["links"];
        foreach (var link in File.Exists(made) ? await File.ReadAllLinesAsync(made) : [])
        {
            File.Delete($"/dev/disk/by-partuuid/{link}");
        }

        await Tool.RunAsync("losetup", "-d", Node);
        _folder.Dispose();
    }
}
