using System.Collections.Immutable;
using Pulumi;

namespace Provisioner;

/// <summary>
/// A whole Pi without screen, keyboard and cable: who it is, the card that it boots from first, where it answers, the WiFi that
/// it keeps, and, where it has an SSD, the partitions, pool and datasets of a NixOS with its root on ZFS, the system itself, and
/// the first boot from there. Each part is a resource of its own, open to be changed through
/// <see cref="HeadlessPiArgs.Customize"/> and to be used by others. A machine that runs already, and has a host key of its own,
/// needs neither card nor SSD: its WiFi is looked after, and, where it runs NixOS, its system.
/// </summary>
public sealed class HeadlessPi : ComponentResource
{
    /// <param name="name">A name that no other HeadlessPi of the same parent has; its parts are called after it.</param>
    /// <param name="args">What is known about the Pi.</param>
    /// <param name="options">How the engine treats it and, as far as they inherit it, its parts.</param>
    public HeadlessPi(string name, HeadlessPiArgs args, ComponentResourceOptions? options = null)
        : base("provisioner:index:HeadlessPi", name, options)
    {
        ArgumentNullException.ThrowIfNull(args);
        HeadlessPiRules.Require(name, args);
        var change = args.Customize;

        Identity = new HostIdentity(name, Changed(new HostIdentityArgs { Hostname = args.Hostname, HostId = args.HostId }, change.Identity), Part());

        if (args.Card is { } card)
        {
            card.Image.Country ??= args.Wifi?.Country;
            Image = new SdImage(name, Changed(card.Image, change.Image), Part());
            Card = new SdCard(name, Changed(new SdCardArgs
            {
                Image = Image.Path,
                ImageSha256 = Image.Sha256,
                Target = card.Target,
                Serial = card.Serial,
                Hostname = Identity.Hostname,
                HostKey = Identity.PrivateKey,
                HostId = Identity.HostId,
                AuthorizedKeys = card.AuthorizedKeys,
                Networks = args.Wifi is { } known ? [new CardNetworkArgs { Ssid = known.Ssid, Password = known.Password }] : [],
                Consent = args.Consent,
            }, change.Card), Part());
        }

        // A machine that has a host key of its own already is pinned to that one.
        Device = new Device(name, Changed(new DeviceArgs { Address = args.Address, HostKey = args.HostKey ?? Identity.Fingerprint }, change.Device), Part(Card is null ? [] : [Card]));

        if (args.Ssd is { } ssd)
        {
            Disk = new Disk(name, Changed(new DiskArgs
            {
                Device = Device.Address,
                ById = ssd.ById,
                Serial = ssd.Serial,
                EspPartitionLabel = ssd.EspPartitionLabel,
                PoolPartitionLabel = ssd.PoolPartitionLabel,
                Consent = args.Consent,
            }, change.Disk), Part());
            Pool = new ZfsPool(name, Changed(new ZfsPoolArgs
            {
                Device = Device.Address,
                Name = args.Pool,
                Devices = { Disk.PoolPartition },
                Properties = PoolDefaults.OfThePool(),
                FileSystemProperties = PoolDefaults.OfItsRoot(),
                Consent = args.Consent,
            }, change.Pool), Part());
            foreach (var (dataset, properties) in args.Datasets.OrderBy(dataset => dataset.Key, StringComparer.Ordinal))
            {
                Datasets = Datasets.Add(dataset, Dataset(name, dataset, properties, args));
            }
        }

        if (args.System is { } system)
        {
            System = new NixosSystem(name, Changed(new NixosSystemArgs
            {
                Device = Device.Address,
                Flake = system.Flake,
                Attribute = system.Attribute,
                Builder = system.Builder,
                BuilderHost = system.BuilderHost,
                Pool = Given(Pool?.Name),
                PoolGuid = Given(Pool?.Guid),
                Installation = args.Installation,
                BootPartition = Given(Disk?.EspPartition),
                Hostname = args.Hostname,
                Country = args.Wifi?.Country,
                TimeZone = system.TimeZone,
                AuthorizedKeys = args.Card?.AuthorizedKeys,

                // A machine that runs NixOS already keeps its own.
                HostId = Disk is null ? args.HostId : Identity.HostId,
                HostKey = Disk is null ? null : (Input<string>)Identity.PrivateKey,
            }, change.System), Part(Datasets.Values));
        }

        if (args.Wifi is { } wifi)
        {
            // On the SSD, as soon as there is a system: while the Pi runs from its card, that is mounted below /mnt.
            Wifi = new WifiProfile(
                name,
                Changed(new WifiProfileArgs { Device = Device.Address, Ssid = wifi.Ssid, Password = wifi.Password, OfSystem = System is not null && Disk is not null }, change.Wifi),
                System is null ? Part() : Part([System]));
        }

        if (System is not null && Pool is not null)
        {
            FirstBoot = new FirstBoot(name, Changed(new FirstBootArgs
            {
                Device = Device.Address,
                System = System.Made.Apply(made => made!),
                Pool = Pool.Name,
                PoolGuid = Pool.Guid,
                WifiProfile = Wifi is { } ours ? (Input<string>)ours.Uuid : null,
            }, change.FirstBoot), Part());
        }

        Address = Device.Address;
        Fingerprint = Identity.Fingerprint;

        // The profile is written while the card's own is in use; what counts is what is in use in the end.
        ConnectedThrough = FirstBoot?.ConnectedThrough ?? Wifi?.ConnectedThrough ?? Output.Create((string?)null);
        RegisterOutputs();
    }

    /// <summary>Where it answers, with the host key in it: the Device input of further resources.</summary>
    [Output("address")]
    public Output<string> Address { get; private set; }

    /// <summary>The host key that the stack made for it: <c>SHA256:…</c>.</summary>
    [Output("fingerprint")]
    public Output<string> Fingerprint { get; private set; }

    /// <summary>The WiFi profile through which it is on the network; null where the stack looks after none.</summary>
    [Output("connectedThrough")]
    public Output<string?> ConnectedThrough { get; private set; }

    /// <summary>Who it is.</summary>
    public HostIdentity Identity { get; }

    /// <summary>The bootstrap image; null when no card is written.</summary>
    public SdImage? Image { get; }

    /// <summary>The card that it boots from first; null when none is written.</summary>
    public SdCard? Card { get; }

    /// <summary>The machine as it answers.</summary>
    public Device Device { get; }

    /// <summary>The SSD; null for a Pi without one.</summary>
    public Disk? Disk { get; }

    /// <summary>The pool on the SSD; null for a Pi without one.</summary>
    public ZfsPool? Pool { get; }

    /// <summary>The datasets by name; empty for a Pi without an SSD.</summary>
    public ImmutableSortedDictionary<string, ZfsDataset> Datasets { get; } = ImmutableSortedDictionary<string, ZfsDataset>.Empty;

    /// <summary>The NixOS on the SSD, or the one that the machine runs already; null when none is given.</summary>
    public NixosSystem? System { get; }

    /// <summary>The WiFi that it keeps; null when none is given.</summary>
    public WifiProfile? Wifi { get; }

    /// <summary>The hand-over from the card to the SSD; null without a system that is installed there.</summary>
    public FirstBoot? FirstBoot { get; }

    private ZfsDataset Dataset(string name, string dataset, InputMap<string> properties, HeadlessPiArgs args) => new(
        $"{name}-{dataset.Replace('/', '-')}",
        Changed(new ZfsDatasetArgs
        {
            Device = Device.Address,
            Pool = Pool!.Name,
            PoolGuid = Pool.Guid,
            Name = dataset,
            Properties = properties,
            Installation = args.Installation,
            Keep = args.Keep.Contains(dataset),
            Consent = args.Consent,
        }, args.Customize.Dataset),
        // A new one comes below the one that is there then.
        Part(Above(dataset, Datasets.Keys).Select(above => Datasets[above])));

    internal static IEnumerable<string> Above(string dataset, IEnumerable<string> all) => all.Where(above => dataset.StartsWith(above + "/", StringComparison.Ordinal));

    private static Input<string>? Given(Output<string>? output) => output is null ? null : (Input<string>)output;

    private CustomResourceOptions Part(params IEnumerable<Resource> after) => new() { Parent = this, DependsOn = after.ToArray() };

    private static TArgs Changed<TArgs>(TArgs args, Action<TArgs>? change)
    {
        change?.Invoke(args);
        return args;
    }
}
