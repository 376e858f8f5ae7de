using System.Globalization;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>
/// The disko file that stands for the same layout as the native one. Only partitions: pools and mounts are others' matter. It has
/// one mountpoint nevertheless: since March 2026 disko evaluates no file without any. What it mounts there is unmounted again.
/// </summary>
internal static class DiskoFile
{
    /// <summary>Where disko mounts the EFI system partition, below its /mnt.</summary>
    public const string MountPoint = "/boot";

    /// <summary>Nix text.</summary>
    public static string Write(string byId, DiskLayout layout, long diskSize) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {
          disko.devices.disk.main = {
            type = "disk";
            device = {{Text($"/dev/disk/by-id/{byId}")}};
            content = {
              type = "gpt";
              partitions = {
                ESP = {
                  priority = 1;
                  type = {{Text(DiskLayout.EspType)}};
                  uuid = {{Text(layout.EspId)}};
                  label = {{Text(layout.EspName)}};
                  start = "1M";
                  size = "{{layout.EspMiB}}M";
                  content = {
                    type = "filesystem";
                    format = "vfat";
                    mountpoint = {{Text(MountPoint)}};
                    mountOptions = [ "umask=0077" ];
                    extraArgs = [ "-F" "32" "-n" {{Text(layout.EspLabel)}} "-i" {{Text(layout.VolumeId)}} ];
                  };
                };
                zfs = {
                  priority = 2;
                  type = {{Text(DiskLayout.PoolType)}};
                  uuid = {{Text(layout.PoolId)}};
                  label = {{Text(layout.PoolName)}};
                  start = "{{layout.PoolStartMiB}}M";
                  size = "{{layout.PoolMiB(diskSize)}}M";
                };
              };
            };
          };
        }

        """);

    /// <summary>A Nix string that means exactly this.</summary>
    private static string Text(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("${", "\\${", StringComparison.Ordinal)}\"";
}
