using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Building;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>What is wanted of a NixOS system.</summary>
[Doc("A flake's NixOS system: installed below /mnt while the device runs from its card, and kept up to date by switching once it runs from its own disk. "
    + "A switch is made under a watchdog: unless the provider comes back over a new connection, the device returns to the system that worked, by itself.")]
internal sealed record NixosSystemArgs : IOnDevice
{
    [Doc("The device: the `address` that a Device gives out (`ssh://root@lamp:22?hostKey=SHA256:…`), or `local:`.")]
    public required string Device { get; init; }

    [Doc("The folder of this machine that holds flake.nix. It is searched for secrets before anything of it is sent. Left out only when storePath is given.")]
    public string? Flake { get; init; }

    [Doc("The name of the system among the flake's nixosConfigurations; one with dots in it as it is, such as `pi.example.org`.")]
    public string Attribute { get; init; } = "pi4";

    [Doc("Which files of the folder are sent.")]
    public FlakeSource Source { get; init; } = FlakeSource.GitTracked;

    [Doc("Commits whose secrets have been changed since; see SdImage.")]
    [Permission]
    public ImmutableArray<string> AcceptedCommits { get; init; } = [];

    [Doc("Findings of the search for secrets that are none, or open nothing any more: each as it is printed, `file#` and six hex digits. Another text at that place is another finding.")]
    [Permission]
    public ImmutableArray<string> AcceptedFindings { get; init; } = [];

    [Doc("Where the system is built, or, with storePath, is already.")]
    public NixosSystemBuilder Builder { get; init; } = NixosSystemBuilder.Device;

    [Doc("The other machine, for the builder `ssh`: `ssh://user@host:port?hostKey=SHA256:…`.")]
    public string? BuilderHost { get; init; }

    [Doc("For the builder `container`: the program, `docker` or `podman`; whichever is there when left out.")]
    public string? ContainerEngine { get; init; }

    [Doc("For the builder `container`: the image that has Nix in it.")]
    public string ContainerImage { get; init; } = NixBuilder.DefaultImage;

    [Doc("Settings for Nix where the system is built, as in nix.conf, such as `sandbox` or `extra-platforms`. They are public: no token belongs here.")]
    public ImmutableSortedDictionary<string, string> NixOptions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("A system built already: its path in /nix/store, which the builder has or gets from the substituters.")]
    public string? StorePath { get; init; }

    [Doc("Binary caches beyond those that Nix knows where the system is built: each URL with the public key that signs what it has.")]
    public ImmutableSortedDictionary<string, string> Substituters { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("The pool that the system is installed to. It is left out, together with poolGuid and bootPartition, for a machine that runs NixOS already: then nothing is ever installed, and its system is only built and switched to.")]
    public string? Pool { get; init; }

    [Doc("The pool's GUID, the `guid` of a ZfsPool: another pool of the same name is not touched.")]
    public string? PoolGuid { get; init; }

    [Doc("Where file systems of the pool are mounted, by mount point: `/` is `root`, `/nix` is `nix`, `/var` is `var` and `/home` is `home` when left out. Their mountpoint property is legacy.")]
    public ImmutableSortedDictionary<string, string> Datasets { get; init; } = DefaultDatasets;

    [Doc("A name for the installation, the same as that of the file system mounted at `/`. Under another name the system is installed anew, which it can be while the device runs from its card.")]
    public string? Installation { get; init; }

    [Doc("The partition for boot files, mounted at /boot: a name that stays, such as the `bootPartition` of a Disk.")]
    public string? BootPartition { get; init; }

    [Doc("The host's name that the flake must have; not checked when left out.")]
    public string? Hostname { get; init; }

    [Doc("ZFS's host id, eight hex digits: the `hostId` of a HostIdentity. A flake that sets another one is refused.")]
    public string? HostId { get; init; }

    [Doc("The country whose rules the WiFi keeps to, two capital letters as in ISO 3166. Where the flake's folder has a host.json, the copy that is sent has it in there, as it has hostName, hostId, pool, bootPartition, timeZone and authorizedKeys of these inputs; the folder is not changed.")]
    public string? Country { get; init; }

    [Doc("The time zone, such as `Europe/Berlin`, for the flake's host.json.")]
    public string? TimeZone { get; init; }

    [Doc("Public keys that may log in as root, for the flake's host.json: each a line such as `ssh-ed25519 AAAA… me@home`.")]
    public ImmutableArray<string> AuthorizedKeys { get; init; } = [];

    [Secret]
    [Doc("The SSH host key of the installed system, in OpenSSH's form: the `privateKey` of a HostIdentity. A machine that runs already keeps its own. It reaches the device through standard input only.")]
    public string? HostKey { get; init; }

    [Doc("How many generations are kept, 2 to 50: kernel and initrd of each lie on the boot partition.")]
    public int KeepGenerations { get; init; } = 4;

    [Doc("How many seconds the device waits for us after a switch before it goes back, 60 to 3600.")]
    public int RollbackAfter { get; init; } = 300;

    /// <summary>What the flake's host.json is given.</summary>
    internal HostValues Values => HostValues.None
        .With("hostName", Hostname).With("hostId", HostId).With("pool", Pool).With("bootPartition", BootPartition)
        .With("country", Country).With("timeZone", TimeZone).With("authorizedKeys", AuthorizedKeys);

    /// <summary>What says which system is wanted: a state that was read for another one does not tell whether this one is there.</summary>
    internal string WantedOf => StorePath ?? $"{Flake}#{Attribute} ({Source})";

    /// <summary>The system's attribute path in the flake, as Nix takes it.</summary>
    internal string SystemPath => SystemAttribute.Path(Attribute);

    /// <summary>Whether it comes from another machine than the device.</summary>
    internal bool ComesFromElsewhere => Builder != NixosSystemBuilder.Device;

    /// <summary>The Nix that it comes from, when that is not the device's.</summary>
    /// <param name="platform">What it builds for, such as <c>aarch64-linux</c>.</param>
    internal NixBuilder Nix(string platform) => new(Builder switch
    {
        NixosSystemBuilder.Ssh => NixBuilderKind.Ssh,
        NixosSystemBuilder.Container => NixBuilderKind.Container,
        _ => NixBuilderKind.Local,
    })
    {
        Host = BuilderHost,
        ContainerEngine = ContainerEngine,
        ContainerImage = ContainerImage,
        Options = NixOptions,
        Target = platform,
        Instead = "device",
        IsStore = StorePath is not null,
    };

    /// <summary>Whether the machine runs a NixOS of its own, which is looked after and never installed.</summary>
    internal bool TakesOver => Pool is null && PoolGuid is null && BootPartition is null;

    /// <summary>What the system is known by where another has its place too: the pool's number, or that of the machine.</summary>
    internal string Key => PoolGuid ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Device[Math.Max(0, Device.IndexOf("hostKey=", StringComparison.Ordinal))..])))[..16];

    /// <summary>What is mounted at /, with the pool in front.</summary>
    internal string RootDataset => $"{Pool}/{Root}";

    /// <summary>The same below the pool.</summary>
    internal string Root => Datasets.GetValueOrDefault("/", "root");

    internal static ImmutableSortedDictionary<string, string> DefaultDatasets { get; } = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        [KeyValuePair.Create("/", "root"), KeyValuePair.Create("/nix", "nix"), KeyValuePair.Create("/var", "var"), KeyValuePair.Create("/home", "home")]);
}

/// <summary>Where a system is built.</summary>
internal enum NixosSystemBuilder
{
    [Doc("On the device itself.")]
    Device,

    [Doc("By Nix on this machine. The device is sent what it lacks of the system.")]
    Local,

    [Doc("By Nix in a container of Docker or Podman on this machine: the way on a Mac, where it runs without emulation.")]
    Container,

    [Doc("By Nix on another machine.")]
    Ssh,
}
