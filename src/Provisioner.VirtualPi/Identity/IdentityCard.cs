using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;

namespace Provisioner.VirtualPi.Identity;

/// <summary>The identity card: a tar archive in a 4 MiB partition in the gap in front of the firmware partition, MBR entry 3.</summary>
internal static class IdentityCard
{
    /// <summary>The profile's UUID on every card; a profile of another UUID is not this one.</summary>
    public const string BootstrapProfileUuid = "6f0c2a54-6d0f-4b3e-9c55-0d6b0c7a1e01";

    public const int Sector = 2048;
    public const int SizeInSectors = 4 * 2048;
    private const int SectorSize = 512;

    // "Non-FS data": no system looks for a file system in it.
    private const byte PartitionType = 0xda;

    public static long Offset => (long)Sector * SectorSize;

    /// <summary>The archive, filled up with zeros to the partition's size, so that nothing of an older one shows behind it.</summary>
    public static byte[] Archive(PiIdentity? identity, string authorizedKey, HouseWifi wifi)
    {
        var partition = new byte[SizeInSectors * SectorSize];
        using var stream = new MemoryStream(partition);
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            Add(tar, "root/.ssh/authorized_keys", authorizedKey.TrimEnd() + "\n", isPrivate: true);
            Add(tar, "etc/NetworkManager/system-connections/bootstrap.nmconnection", BootstrapProfile(wifi), isPrivate: true);
            if (identity is not null)
            {
                var key = identity.Check();
                Add(tar, "etc/ssh/ssh_host_ed25519_key", identity.HostKeyPem.TrimEnd() + "\n", isPrivate: true);
                Add(tar, "etc/ssh/ssh_host_ed25519_key.pub", $"{key}\n", isPrivate: false);
                Add(tar, "etc/hostname", identity.HostName + "\n", isPrivate: false);
                Add(tar, "etc/hosts", $"127.0.0.1 localhost\n127.0.1.1 {identity.HostName}\n::1 localhost\n", isPrivate: false);
            }
        }

        return partition;
    }

    /// <summary>The card's first sector with the identity partition as entry 3.</summary>
    public static byte[] WithPartition(ReadOnlySpan<byte> masterBootRecord)
    {
        const int entry3 = 446 + (2 * 16);
        if (masterBootRecord.Length != SectorSize || masterBootRecord[510] != 0x55 || masterBootRecord[511] != 0xaa)
        {
            throw new ArgumentException("Not a master boot record.", nameof(masterBootRecord));
        }

        var changed = masterBootRecord.ToArray();
        var entry = changed.AsSpan(entry3, 16);
        // Cylinders, heads and sectors as everyone writes them since disks outgrew them: "too large".
        ((ReadOnlySpan<byte>)[0, 0xfe, 0xff, 0xff, PartitionType, 0xfe, 0xff, 0xff]).CopyTo(entry);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], Sector);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], SizeInSectors);
        return changed;
    }

    private static string BootstrapProfile(HouseWifi wifi) =>
        $"""
        [connection]
        id=bootstrap
        uuid={BootstrapProfileUuid}
        type=wifi
        autoconnect-priority=-100

        [wifi]
        mode=infrastructure
        ssid={string.Concat(Encoding.UTF8.GetBytes(wifi.Ssid).Select(part => $"{part};"))}

        [wifi-security]
        key-mgmt=wpa-psk
        psk={wifi.DerivedKey}

        [ipv4]
        method=auto

        [ipv6]
        method=ignore

        """;

    private static void Add(TarWriter tar, string path, string content, bool isPrivate)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path)
        {
            Uid = 0,
            Gid = 0,
            Mode = isPrivate ? owner : owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            ModificationTime = DateTimeOffset.UnixEpoch,
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
        });
    }
}
