using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Disks;

/// <summary>The SSD of a <see cref="Lamp"/> and what the program makes on it.</summary>
internal static class Ssd
{
    public const string Pool = "zroot";

    public static string ById { get; } = $"/dev/disk/by-id/{PiDisk.Default.ById}";

    /// <summary>A Pi with a new SSD plugged in, and a stack that is told of it; nothing is brought up yet.</summary>
    public static async Task<Lamp> NewLampAsync(FrozenPi frozen)
    {
        var lamp = await Lamp.NewAsync(frozen);
        try
        {
            await PlugAsync(lamp);
            return lamp;
        }
        catch
        {
            await lamp.DisposeAsync();
            throw;
        }
    }

    /// <summary>Plugs a new SSD into a Pi that is on, waits until its kernel has found it, and tells the stack of it.</summary>
    public static async Task PlugAsync(Lamp lamp)
    {
        await lamp.Pi.PlugAsync(PiDisk.Default, TestContext.Current.CancellationToken);
        await lamp.SaysAsync($"udevadm wait --timeout=60 {ById}");
        (await lamp.Project.TypeAsync("config", "set", "ssdId", PiDisk.Default.ById)).Ended(0);
        (await lamp.Project.TypeAsync("config", "set", "ssdSerial", PiDisk.Default.Serial)).Ended(0);
    }

    /// <summary>Fails the test unless partitions, pool and datasets are there as the program says.</summary>
    public static async Task ShouldBeInPlaceAsync(Lamp lamp)
    {
        (await lamp.SaysAsync($"lsblk -nro FSTYPE,SIZE {ById} | sed -n '/vfat/p;/zfs_member/s/ .*//p'")).Split('\n').ShouldBe(["vfat 512M", "zfs_member"]);
        (await lamp.SaysAsync($"zpool list -H -o name,health {Pool}")).ShouldBe($"{Pool}\tONLINE");
        (await lamp.SaysAsync($"zfs get -H -r -t filesystem -o name,value,source mountpoint,com.sun:auto-snapshot,compression {Pool} | sort")).Split('\n').ShouldBe(
            [
                $"{Pool}\tnone\tlocal",
                $"{Pool}\ttrue\tlocal",
                $"{Pool}\tzstd\tlocal",
                .. Inherited("home", "true"),
                $"{Pool}/nix\tfalse\tlocal",
                $"{Pool}/nix\tlegacy\tlocal",
                $"{Pool}/nix\tzstd\tinherited from {Pool}",
                .. Inherited("root", "true"),
                .. Inherited("var", "true"),
            ],
            ignoreOrder: true);
    }

    private static IEnumerable<string> Inherited(string dataset, string snapshots) =>
    [
        $"{Pool}/{dataset}\t{snapshots}\tinherited from {Pool}",
        $"{Pool}/{dataset}\tlegacy\tlocal",
        $"{Pool}/{dataset}\tzstd\tinherited from {Pool}",
    ];
}
