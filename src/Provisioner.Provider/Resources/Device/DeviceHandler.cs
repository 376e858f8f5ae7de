using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Device;

/// <summary>A machine as it answers. It is only ever looked at.</summary>
/// <param name="inspection">One reading of a device, shared by all.</param>
internal sealed class DeviceHandler(SharedInspection<DeviceFacts> inspection) : ResourceHandler<DeviceArgs, DeviceState, DevicePlan>
{
    protected override ImmutableArray<Rule<DeviceArgs>> Rules { get; } =
    [
        Rule<DeviceArgs>.Of(args => DeviceAddresses.Of(args).Problem, nameof(DeviceArgs.Address)),
        Rule<DeviceArgs>.Of(HostKeyProblem, nameof(DeviceArgs.HostKey), nameof(DeviceArgs.Address)),
        Rule<DeviceArgs>.Of(args => args.WaitFor is >= 1 and <= 3600 ? null : $"must be from 1 to 3600 seconds, but is {args.WaitFor}", nameof(DeviceArgs.WaitFor)),
    ];

    protected override async Task<DeviceState?> ObserveAsync(DeviceArgs desired, DeviceState? known, IOperationContext context, CancellationToken cancellation)
    {
        var address = DeviceAddresses.Of(desired).Text ?? throw new InputInvalidException("The device has no address that can be trusted")
        {
            Where = desired.Address,
            Why = HostKeyProblem(desired) ?? DeviceAddresses.Of(desired).Problem,
        };
        var remote = context.Remote(address);
        try
        {
            if (known is null && !context.IsPreview)
            {
                // A new device may still be booting.
                context.Status($"waiting for {remote.Address.Display} to answer, up to {desired.WaitFor} s");
                await remote.RunAsync(Script.Looking(Shell.Of($"true")) with { NeedsRoot = false, DialPatience = TimeSpan.FromSeconds(desired.WaitFor) }, cancellation);
            }

            var facts = await inspection.GetAsync(remote, cancellation);
            RefuseAnother(desired, known, facts, remote);
            return State(address, remote.Address, facts, context.Time.GetUtcNow());
        }
        catch (DeviceUnreachableException away) when (known is not null)
        {
            throw new DeviceUnreachableException(away.What, away)
            {
                Where = away.Where,
                Why = $"{away.Why}\nit answered last at {known.SeenAt}".Trim(),
                Next = away.Next,
            };
        }
    }

    protected internal override DevicePlan Plan(DeviceArgs desired, DeviceState? actual) => DevicePlan.Of(desired, actual);

    protected internal override DevicePlan PlanDelete(DeviceArgs desired, DeviceState actual) => new();

    protected internal override Expected<DeviceState> Expect(DeviceArgs desired, DeviceState? actual)
    {
        var address = DeviceAddresses.Of(desired).Text ?? desired.Address;
        return actual is not null
            ? new Expected<DeviceState>(actual with { Address = address })
            : new Expected<DeviceState>(
                new DeviceState { Address = address, Hostname = "", Kernel = "", Architecture = "", Os = "", BootId = "", SeenAt = "" },
                [.. RecordShape.Of(typeof(DeviceState)).Properties.Select(property => property.Property.Name).Where(name => name != nameof(DeviceState.Address))]);
    }

    /// <summary>The board where it names itself, else the address: a Pi that moves to another address stays the same Pi.</summary>
    protected internal override string IdOf(DeviceArgs desired, DeviceState state) => state.Serial ?? DeviceAddress.Parse(state.Address).Display;

    protected override string? DeviceOf(DeviceArgs desired) => DeviceAddresses.Of(desired).Text;

    private static string? HostKeyProblem(DeviceArgs args)
    {
        if (args.HostKey is { } given && HostKeyPin.Parse(given) is null)
        {
            return "is neither a fingerprint (SHA256:…) nor a public key (ssh-ed25519 AAAA…); on the device, ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub shows it";
        }

        return DeviceAddresses.Of(args) is { Text: null, Problem: null }
            ? "is missing, and nothing is sent to a machine that cannot prove who it is; on the device, ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub shows it, or take it from a HostIdentity"
            : null;
    }

    private static void RefuseAnother(DeviceArgs desired, DeviceState? known, DeviceFacts facts, IRemote remote)
    {
        var expected = desired.Serial ?? known?.Serial;
        if (expected is not null && facts.Board.Serial != expected)
        {
            throw new DeviceUntrustedException("This is another machine than the one this resource stands for")
            {
                Where = remote.Address.Display,
                Why = $"its board has the serial number {facts.Board.Serial ?? "(none)"}, and {expected} was expected{(desired.Serial is null ? ", as it had before" : "")}",
                Next = "check the address; if you exchanged the board on purpose, set the input serial of the Device to the new number",
            };
        }
    }

    private static DeviceState State(string address, DeviceAddress parsed, DeviceFacts facts, DateTimeOffset now) => new()
    {
        Address = address,
        HostKey = parsed.HostKey?.Fingerprint,
        Hostname = facts.HostName,
        Model = facts.Board.Model,
        Serial = facts.Board.Serial,
        Memory = facts.Memory.TotalBytes,
        Kernel = facts.Os.Kernel,
        Architecture = facts.Os.Architecture,
        Os = facts.Os.PrettyName,
        Incarnation = facts.Boot.Incarnation == Incarnation.Bootstrap ? DeviceIncarnation.Bootstrap : DeviceIncarnation.Installed,
        Root = facts.Boot.Words,
        Fleeting = facts.Boot.Fleeting,
        BootId = facts.BootId,
        Disks =
        [
            .. facts.Disks.Select(disk => new DeviceDisk
            {
                Path = disk.Path,
                ById = disk.ById,
                Model = disk.Model,
                Serial = disk.Serial,
                Transport = disk.Transport,
                Size = disk.SizeBytes,
            }),
        ],
        Wifi = new DeviceWifi
        {
            Interface = WaysIn.RadioFor(null, null, facts)?.Name,
            Regulatory = facts.Network.RegulatoryDomain,
            NetworkManager = facts.Network.ManagerRunning,
        },
        Strategies = DevicePlan.Strategies(facts),
        SeenAt = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };
}
