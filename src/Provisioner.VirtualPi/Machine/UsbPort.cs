using System.Text.Json.Nodes;
using Provisioner.VirtualPi.Qmp;

namespace Provisioner.VirtualPi.Machine;

/// <summary>Plugs disks into a running QEMU's USB controller and pulls them out.</summary>
internal sealed class UsbPort(MachineFolder folder, QemuProcess qemu, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public async Task PlugAsync(PiDisk disk, CancellationToken cancellationToken)
    {
        var file = folder.Disk(disk.Serial);
        if (!File.Exists(file))
        {
            await using var empty = new FileStream(file, FileMode.CreateNew);
            empty.SetLength(disk.Bytes);
        }

        var (node, bridge) = Names(disk.Serial);
        using var qmp = await QmpClient.ConnectAsync(folder.QmpSocket, time, cancellationToken);
        await qmp.ExecuteAsync(
            "blockdev-add",
            new JsonObject
            {
                ["node-name"] = node,
                ["driver"] = "raw",
                // What the guest flushes stays in this host's memory: lost when the host crashes, not when the machine's power is cut.
                ["cache"] = new JsonObject { ["no-flush"] = true },
                ["discard"] = "unmap",
                ["detect-zeroes"] = "unmap",
                ["file"] = new JsonObject { ["driver"] = "file", ["filename"] = file, ["discard"] = "unmap" },
            },
            cancellationToken);
        // Attached only when the disk is behind it: an empty bridge would be looked at once, and never again.
        await qmp.ExecuteAsync(
            "device_add",
            new JsonObject { ["driver"] = "usb-uas", ["id"] = bridge, ["bus"] = QemuCommandLine.UsbBus, ["serial"] = disk.Serial, ["attached"] = false },
            cancellationToken);
        await qmp.ExecuteAsync(
            "device_add",
            new JsonObject
            {
                ["driver"] = "scsi-hd",
                ["id"] = $"{bridge}-disk",
                ["bus"] = $"{bridge}.0",
                ["drive"] = node,
                ["vendor"] = disk.Vendor,
                ["product"] = disk.Product,
                ["ver"] = "0",
                ["serial"] = disk.Serial,
                ["rotation_rate"] = 1,
                ["logical_block_size"] = 512,
                ["physical_block_size"] = 4096,
            },
            cancellationToken);
        await qmp.ExecuteAsync(
            "qom-set",
            new JsonObject { ["path"] = $"/machine/peripheral/{bridge}", ["property"] = "attached", ["value"] = true },
            cancellationToken);
    }

    /// <summary>Pulls it, as a hand does: nobody in the guest is asked.</summary>
    public async Task UnplugAsync(string serial, CancellationToken cancellationToken)
    {
        var (node, bridge) = Names(serial);
        await qemu.AskAsync("device_del", new JsonObject { ["id"] = bridge }, cancellationToken);
        // The device goes a moment later; until then the file behind it is in use and cannot be let go.
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await qemu.AskAsync("blockdev-del", new JsonObject { ["node-name"] = node }, cancellationToken);
                return;
            }
            catch (QmpException) when (time.GetElapsedTime(started) < Deadline)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private static (string Node, string Bridge) Names(string serial) => ($"disk-{serial}", $"usb-{serial}");
}
