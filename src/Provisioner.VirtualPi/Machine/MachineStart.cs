using System.Security.Cryptography;
using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Files;
using Provisioner.VirtualPi.Host;
using Provisioner.VirtualPi.Identity;

namespace Provisioner.VirtualPi.Machine;

/// <summary>The way from nothing, or from a machine that is off, to one whose sshd is up. The machine's lock is held by the caller.</summary>
internal sealed class MachineStart(PiHome home, PiMachine machine, StepTeller steps)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly MachineFolder _folder = machine.Folder;

    public async Task RunAsync(PiStartOptions options, CancellationToken cancellationToken)
    {
        if (machine.IsOn)
        {
            // Its start may have been interrupted, so whether the system is up is looked at all the same.
            await steps.TellAsync("waiting for its system", () => machine.State().HostKey is null
                ? WaitForSystemAsync(0, options.BootDeadline, cancellationToken)
                : machine.WaitForSshAsync(PiPath.Service, options.BootDeadline, cancellationToken));
            return;
        }

        var inserted = options.Card is null ? null : InsertedCard.Read(options.Card);
        await HostPackages.EnsureAsync(home, steps, cancellationToken);
        var card = await CardAsync(cancellationToken);
        if (!machine.Exists)
        {
            await steps.TellAsync($"making the machine '{machine.Name}'", () => MakeAsync(options, inserted, card, cancellationToken));
        }
        else if (inserted is not null)
        {
            await steps.TellAsync("putting the card into the slot", () => InsertAsync(inserted, cancellationToken));
        }
        else if (options.Identity is not null)
        {
            await steps.TellAsync("writing the identity onto the card", () => RewriteIdentityAsync(options.Identity, card, cancellationToken));
        }

        var acceleration = await new AccelerationProbe(home, steps).ChooseAsync(card, cancellationToken);
        var said = SaidSoFar();
        await steps.TellAsync("switching on", () => SwitchOnAsync(card, acceleration, cancellationToken));
        await steps.TellAsync("waiting for its system", () => WaitForSystemAsync(said, options.BootDeadline, cancellationToken));
    }

    private async Task<CardImage> CardAsync(CancellationToken cancellationToken)
    {
        var builder = new CardBuilder(home, steps);
        if (!machine.Exists)
        {
            return await builder.GetAsync(cancellationToken);
        }

        var key = machine.State().CardKey;
        return builder.Find(key)
            ?? throw new PiException($"The card image {key} that '{machine.Name}' was made from is no longer in the cache {home.Artefacts}. Delete the machine and start it anew.");
    }

    private async Task MakeAsync(PiStartOptions options, InsertedCard? inserted, CardImage card, CancellationToken cancellationToken)
    {
        var wifi = (options.Wifi ?? HouseWifi.Default).Check();
        var login = await SshLogin.EnsureKeyAsync(home, cancellationToken);
        _folder.Make();
        machine.AccessPoint.Keep(wifi);
        machine.AccessPoint.KeepRadio(on: true);
        if (inserted is not null)
        {
            await CardWriter.CopyAsync(inserted.Path, _folder.Card, cancellationToken);
        }
        else
        {
            await CardWriter.MakeOverlayAsync(card.Image, _folder.Card, cancellationToken);
            await CardWriter.WriteIdentityAsync(_folder, card, _folder.Card, IdentityCard.Archive(options.Identity, login, wifi), cancellationToken);
        }

        // The state is written last: where it is, the machine is whole.
        using var held = await FileLock.TakeAsync(Path.Combine(home.Machines, ".ports.lock"), home.Time, cancellationToken);
        var (wifiPort, servicePort) = LoopbackPorts.Choose(machine.Name, new PiMachines(home).PortsTaken());
        machine.Keep(new MachineState
        {
            Name = machine.Name,
            CardKey = card.Key,
            BoardSerial = "10000000" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)),
            WifiPort = wifiPort,
            ServicePort = servicePort,
            HostName = inserted?.HostName ?? options.Identity?.HostName ?? PiIdentity.DefaultHostName,
            HostKey = (inserted?.HostKey ?? options.Identity?.Check())?.ToString(),
            Owner = options.Owner,
        });
    }

    private async Task InsertAsync(InsertedCard inserted, CancellationToken cancellationToken)
    {
        await CardWriter.CopyAsync(inserted.Path, _folder.Card, cancellationToken);
        machine.Keep(machine.State() with { HostName = inserted.HostName ?? PiIdentity.DefaultHostName, HostKey = inserted.HostKey?.ToString() });
    }

    private async Task RewriteIdentityAsync(PiIdentity identity, CardImage card, CancellationToken cancellationToken)
    {
        var key = identity.Check();
        var login = await SshLogin.EnsureKeyAsync(home, cancellationToken);
        var archive = IdentityCard.Archive(identity, login, machine.AccessPoint.Kept());
        await CardWriter.WriteIdentityAsync(_folder, card, _folder.Card, archive, cancellationToken);
        machine.Keep(machine.State() with { HostName = identity.HostName, HostKey = key.ToString() });
    }

    private async Task SwitchOnAsync(CardImage card, PiAcceleration acceleration, CancellationToken cancellationToken)
    {
        var state = machine.State();
        RequireFree(state.WifiPort);
        RequireFree(state.ServicePort);
        var plan = await QemuPlans.OfAsync(machine, state, card, acceleration, cancellationToken);
        await machine.Qemu.StartAsync(QemuCommandLine.Of(plan), cancellationToken);
        try
        {
            foreach (var disk in state.Disks.Where(disk => disk.Plugged))
            {
                await machine.PlugKnownAsync(disk.ToDisk(), cancellationToken);
            }

            await machine.Qemu.AskAsync("cont", null, cancellationToken);
        }
        catch
        {
            // Half switched on is nothing that anybody could go on with.
            await machine.Qemu.EndAsync(CancellationToken.None);
            throw;
        }

        machine.Keep(state with { Acceleration = acceleration, SwitchedOnAt = home.Time.GetUtcNow() });
    }

    private async Task WaitForSystemAsync(long said, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = home.Time.GetTimestamp();
        while (true)
        {
            var words = machine.SaidSince(said);
            if (ReadyLine.Find(words) is { } ready)
            {
                machine.Keep(machine.State() with { HostKey = ready.HostKey.ToString() });
                return;
            }

            if (!machine.IsOn)
            {
                throw machine.Qemu.Failed($"'{machine.Name}' went off while its system was starting");
            }

            if (PiBoot.Last(words) is { Medium: null } nothing)
            {
                throw new PiException($"The firmware of '{machine.Name}' says: {nothing.Text}. It is left on and goes on looking: plug a bootable disk in, or delete the machine and start it anew.");
            }

            if (home.Time.GetElapsedTime(started) > deadline)
            {
                throw machine.Qemu.Failed($"The system of '{machine.Name}' did not come up within {deadline.TotalSeconds:0} s; the machine is still on");
            }

            await Task.Delay(Pause, home.Time, cancellationToken);
        }
    }

    private long SaidSoFar() => File.Exists(_folder.SerialLog) ? new FileInfo(_folder.SerialLog).Length : 0;

    private void RequireFree(int port)
    {
        if (!LoopbackPorts.IsFree(port))
        {
            throw new PiException($"The port 127.0.0.1:{port} of '{machine.Name}' is in use by another program. End that program (ss -ltnp shows it), or use a machine of another name.");
        }
    }
}
