using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>A Pi before, while and after NixOS is installed on it.</summary>
internal static class NixosPi
{
    public const string Top = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-lamp-25.11";
    public const string Next = "/nix/store/zyxwvsrqpnmlkjihgfdcba9876543210-nixos-system-lamp-25.11";
    public const string Digest = "d1ge57#pi4";

    /// <summary>What Nix builds for on the machine that runs the tests.</summary>
    public static readonly string ThisPlatform = $"{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}-linux";

    public static readonly DateTimeOffset Now = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly NixosSystemArgs Args = new()
    {
        Device = "ssh://root@lamp:22?hostKey=SHA256:x",
        Flake = "/flake",
        Pool = "zroot",
        PoolGuid = "12683243457841853126",
        BootPartition = "/dev/disk/by-partuuid/8a4c1f5e-0000-4000-8000-000000000001",
        Hostname = "lamp",
        HostId = "dc0bd73a",
    };

    /// <summary>It runs from the card, and nothing is mounted.</summary>
    public static DeviceFacts Bare => WifiFacts.Pi() with
    {
        Clock = Now,
        Memory = new MemoryFacts(4L << 30, 3L << 30),
        ZfsModule = "2.3.9-1",
        Tools = ["nix", "nixos-install", "zpool", "tar"],
        System = new SystemFacts { Room = Room(("/", 8L << 30)) },
    };

    /// <summary>It runs from the card, and the system is installed below /mnt.</summary>
    public static DeviceFacts Made => Bare with
    {
        Boot = Bare.Boot with { TargetMounted = true },
        System = Bare.System with
        {
            Target = Whole,
            Mounts = Args.Datasets.ToImmutableDictionary(entry => "/mnt" + entry.Key.TrimEnd('/'), entry => "zroot/" + entry.Value).Add("/mnt/boot", "/dev/sda1"),
        },
    };

    /// <summary>It runs the system from the SSD.</summary>
    public static DeviceFacts Running => Bare with
    {
        Boot = new BootFacts("zroot/root", "zfs", 4, Incarnation.Installed, false),
        System = Bare.System with { Running = Whole, Current = Top, Booted = Top },
    };

    public static NixosFacts Whole { get; } = new()
    {
        Generation = 3,
        Generations = 3,
        Profile = Top,
        IsNixos = true,
        HostId = "dc0bd73a",
        HasExtlinux = true,
        MadeFrom = Digest,
        Made = Top,
    };

    /// <summary>The pool is imported, and this is noted on what is mounted at /.</summary>
    public static DeviceFacts OfInstallation(DeviceFacts facts, string? name) => facts with
    {
        Zfs = new ZfsFacts
        {
            Pools = [new PoolFacts(Args.Pool!, Args.PoolGuid!)],
            Datasets =
            [
                new DatasetFacts
                {
                    Name = Args.RootDataset,
                    Guid = "1",
                    Local = name is null ? ImmutableSortedDictionary<string, string>.Empty : ImmutableSortedDictionary<string, string>.Empty.Add(FileSystemProperties.Installation, name),
                },
            ],
        },
    };

    public static NixosSystemState State(DeviceFacts facts, string wanted = Digest) => NixosSystemObserver.Observe(Args, wanted, facts, Now);

    public static ImmutableDictionary<string, long> Room(params (string Place, long Bytes)[] rooms) => rooms.ToImmutableDictionary(room => room.Place, room => room.Bytes);
}
