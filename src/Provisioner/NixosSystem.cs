using System.Collections.Immutable;
using Pulumi;

namespace Provisioner;

/// <summary>
/// A flake's NixOS system: installed below /mnt while the device runs from its card, and kept up to date by switching once it
/// runs from its own disk. A switch is made under a watchdog: unless the provider comes back over a new connection, the device
/// returns to the system that worked, by itself.
/// </summary>
public sealed class NixosSystem : CustomResource
{
    /// <param name="name">A name that no other NixosSystem of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public NixosSystem(string name, NixosSystemArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:NixosSystem", name, args, options)
    {
    }

    /// <summary>Whether the device runs from its own disk.</summary>
    [Output("installed")]
    public Output<bool> Installed { get; private set; } = null!;

    /// <summary>The installation that the file system mounted at <c>/</c> belongs to; null when nothing is noted on it.</summary>
    [Output("installation")]
    public Output<string?> Installation { get; private set; } = null!;

    /// <summary>The store path of the system that was made of the flake.</summary>
    [Output("made")]
    public Output<string?> Made { get; private set; } = null!;

    /// <summary>The store path that the system's profile points to: what the next boot leads to.</summary>
    [Output("profile")]
    public Output<string?> Profile { get; private set; } = null!;

    /// <summary>The number of that generation.</summary>
    [Output("generation")]
    public Output<int> Generation { get; private set; } = null!;

    /// <summary>The store path of the system that runs; null while the device runs from its card.</summary>
    [Output("running")]
    public Output<string?> Running { get; private set; } = null!;

    /// <summary>The SSH host key of the system: <c>SHA256:…</c>.</summary>
    [Output("hostKeyFingerprint")]
    public Output<string?> HostKeyFingerprint { get; private set; } = null!;

    /// <summary>ZFS's host id of the system.</summary>
    [Output("hostId")]
    public Output<string?> HostId { get; private set; } = null!;

    /// <summary>What differs on the device from a system that is whole, by what it is about; empty when all is well.</summary>
    [Output("drift")]
    public Output<ImmutableDictionary<string, string>> Drift { get; private set; } = null!;

    /// <summary>What the next switch would stop, restart and start; empty while the next system is not built, or runs already.</summary>
    [Output("wouldRestart")]
    public Output<ImmutableArray<string>> WouldRestart { get; private set; } = null!;
}

/// <summary>The inputs of a <see cref="NixosSystem"/>.</summary>
public sealed class NixosSystemArgs : ResourceArgs
{
    /// <summary>The device: the <see cref="Provisioner.Device.Address"/> of a <see cref="Provisioner.Device"/>, or <c>local:</c>.</summary>
    [Input("device", required: true)]
    public Input<string> Device { get; set; } = null!;

    /// <summary>The folder of this machine that holds flake.nix. Left out only when <see cref="StorePath"/> is given.</summary>
    [Input("flake")]
    public Input<string>? Flake { get; set; }

    /// <summary>The name of the system among the flake's nixosConfigurations; <c>pi4</c> when left out.</summary>
    [Input("attribute")]
    public Input<string>? Attribute { get; set; }

    /// <summary>Which files of the folder are sent; <see cref="FlakeSource.GitTracked"/> when left out.</summary>
    [Input("source")]
    public Input<FlakeSource>? Source { get; set; }

    /// <summary>Commits whose secrets have been changed since.</summary>
    [Input("acceptedCommits")]
    public InputList<string>? AcceptedCommits { get; set; }

    /// <summary>
    /// Findings of the search for secrets that are none, or open nothing any more: each as it is printed, <c>file#</c> and six hex
    /// digits. Another text at that place is another finding.
    /// </summary>
    [Input("acceptedFindings")]
    public InputList<string>? AcceptedFindings { get; set; }

    /// <summary>Where the system is built, or, with <see cref="StorePath"/>, is already; <see cref="NixosSystemBuilder.Device"/> when left out.</summary>
    [Input("builder")]
    public Input<NixosSystemBuilder>? Builder { get; set; }

    /// <summary>The other machine, for <see cref="NixosSystemBuilder.Ssh"/>: <c>ssh://user@host:port?hostKey=SHA256:…</c>.</summary>
    [Input("builderHost")]
    public Input<string>? BuilderHost { get; set; }

    /// <summary>For <see cref="NixosSystemBuilder.Container"/>: <c>docker</c> or <c>podman</c>; whichever is there when left out.</summary>
    [Input("containerEngine")]
    public Input<string>? ContainerEngine { get; set; }

    /// <summary>For <see cref="NixosSystemBuilder.Container"/>: the image that has Nix in it.</summary>
    [Input("containerImage")]
    public Input<string>? ContainerImage { get; set; }

    /// <summary>Settings for Nix where the system is built, as in nix.conf. They are public: no token belongs here.</summary>
    [Input("nixOptions")]
    public InputMap<string>? NixOptions { get; set; }

    /// <summary>A system built already: its path in /nix/store, which the builder has or gets from the substituters.</summary>
    [Input("storePath")]
    public Input<string>? StorePath { get; set; }

    /// <summary>Binary caches beyond those that Nix knows where the system is built: each URL with the public key that signs what it has.</summary>
    [Input("substituters")]
    public InputMap<string>? Substituters { get; set; }

    /// <summary>
    /// The pool that the system is installed to. It is left out, together with <see cref="PoolGuid"/> and
    /// <see cref="BootPartition"/>, for a machine that runs NixOS already: then nothing is ever installed, and its system is only
    /// built and switched to.
    /// </summary>
    [Input("pool")]
    public Input<string>? Pool { get; set; }

    /// <summary>The pool's GUID: another pool of the same name is not touched.</summary>
    [Input("poolGuid")]
    public Input<string>? PoolGuid { get; set; }

    /// <summary>
    /// Where file systems of the pool are mounted, by mount point; <c>/</c> is <c>root</c>, <c>/nix</c> is <c>nix</c>,
    /// <c>/var</c> is <c>var</c> and <c>/home</c> is <c>home</c> when left out.
    /// </summary>
    [Input("datasets")]
    public InputMap<string>? Datasets { get; set; }

    /// <summary>
    /// A name for the installation, the same as that of the file system mounted at <c>/</c>. Under another name the system is
    /// installed anew, which it can be while the device runs from its card.
    /// </summary>
    [Input("installation")]
    public Input<string>? Installation { get; set; }

    /// <summary>The partition for boot files, mounted at /boot: a name that stays, in /dev/disk/by-partuuid or /dev/disk/by-id.</summary>
    [Input("bootPartition")]
    public Input<string>? BootPartition { get; set; }

    /// <summary>The host's name that the flake must have; not checked when left out.</summary>
    [Input("hostname")]
    public Input<string>? Hostname { get; set; }

    /// <summary>ZFS's host id, eight hex digits. A flake that sets another one is refused.</summary>
    [Input("hostId")]
    public Input<string>? HostId { get; set; }

    /// <summary>
    /// The country whose rules the WiFi keeps to, two capital letters as in ISO 3166. Where the flake's folder has a host.json, the
    /// copy that is sent has it in there, as it has the other values of the machine among these inputs; the folder is not changed.
    /// </summary>
    [Input("country")]
    public Input<string>? Country { get; set; }

    /// <summary>The time zone, such as <c>Europe/Berlin</c>, for the flake's host.json.</summary>
    [Input("timeZone")]
    public Input<string>? TimeZone { get; set; }

    /// <summary>Public keys that may log in as root, for the flake's host.json: each a line such as <c>ssh-ed25519 AAAA… me@home</c>.</summary>
    [Input("authorizedKeys")]
    public InputList<string>? AuthorizedKeys { get; set; }

    /// <summary>The SSH host key of the installed system, a secret, in OpenSSH's form. A machine that runs already keeps its own.</summary>
    [Input("hostKey")]
    public Input<string>? HostKey { get; set; }

    /// <summary>How many generations are kept, 2 to 50; 4 when left out.</summary>
    [Input("keepGenerations")]
    public Input<int>? KeepGenerations { get; set; }

    /// <summary>How many seconds the device waits for us after a switch before it goes back, 60 to 3600; 300 when left out.</summary>
    [Input("rollbackAfter")]
    public Input<int>? RollbackAfter { get; set; }
}

/// <summary>Where a system is built.</summary>
[EnumType]
public readonly record struct NixosSystemBuilder
{
    private readonly string _value;

    private NixosSystemBuilder(string value) => _value = value;

    /// <summary>On the device itself.</summary>
    public static NixosSystemBuilder Device { get; } = new("device");

    /// <summary>By Nix on this machine. The device is sent what it lacks of the system.</summary>
    public static NixosSystemBuilder Local { get; } = new("local");

    /// <summary>By Nix in a container of Docker or Podman on this machine: the way on a Mac, where it runs without emulation.</summary>
    public static NixosSystemBuilder Container { get; } = new("container");

    /// <summary>By Nix on another machine.</summary>
    public static NixosSystemBuilder Ssh { get; } = new("ssh");

    public static explicit operator string(NixosSystemBuilder value) => value._value;

    public override string ToString() => _value;
}

/// <summary>Which files of a flake's folder are sent.</summary>
[EnumType]
public readonly record struct FlakeSource
{
    private readonly string _value;

    private FlakeSource(string value) => _value = value;

    /// <summary>What git tracks, as <c>nix build .</c> would take it; a folder that is in no git repository as a whole.</summary>
    public static FlakeSource GitTracked { get; } = new("gitTracked");

    /// <summary>Every file of the folder, also what git ignores or does not know; never the folder .git.</summary>
    public static FlakeSource WholeFolder { get; } = new("wholeFolder");

    public static explicit operator string(FlakeSource value) => value._value;

    public override string ToString() => _value;
}
