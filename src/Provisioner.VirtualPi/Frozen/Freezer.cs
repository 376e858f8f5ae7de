using System.Globalization;
using System.Text.Json.Nodes;
using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Files;
using Provisioner.VirtualPi.Identity;
using Provisioner.VirtualPi.Machine;
using Provisioner.VirtualPi.Qmp;

namespace Provisioner.VirtualPi.Frozen;

/// <summary>Stops a running machine in the middle of an instruction, and brings copies of it back to life.</summary>
internal sealed class Freezer(PiHome home)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MoveDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromMinutes(1);

    /// <summary>Moves a machine's memory and card into the folder. The machine is off afterwards, without a card: fit to be deleted only.</summary>
    /// <exception cref="PiException">It is off, or a disk is plugged in (QEMU cannot freeze a USB disk's bridge).</exception>
    public async Task FreezeAsync(PiMachine machine, FrozenFolder frozen, CancellationToken cancellationToken)
    {
        using var held = await machine.LockAsync(cancellationToken);
        var state = machine.State();
        if (!machine.IsOn)
        {
            throw new PiException($"'{machine.Name}' is off; only a running machine can be frozen.");
        }

        if (state.Disks.FirstOrDefault(disk => disk.Plugged) is { } disk)
        {
            throw new PiException($"The disk {disk.Serial} is plugged into '{machine.Name}'; unplug it before freezing (QEMU cannot save a USB disk's state).");
        }

        PrivateFiles.MakeFolder(frozen.Path);
        using (var qmp = await QmpClient.ConnectAsync(machine.Folder.QmpSocket, home.Time, cancellationToken))
        {
            await qmp.ExecuteAsync("stop", null, cancellationToken);
            await CardController.SaveAsync(qmp, frozen.CardController, cancellationToken);
            await qmp.ExecuteAsync("migrate-set-parameters", new JsonObject { ["max-bandwidth"] = 16L << 30 }, cancellationToken);
            await qmp.ExecuteAsync("migrate", Uri($"zstd -q -1 -T0 > {Quoted(frozen.Memory)}"), cancellationToken);
            await WaitForMoveAsync(machine, qmp, cancellationToken);
        }

        // QEMU writes the rest of the card's own tables when it ends.
        await machine.Qemu.EndAsync(cancellationToken);
        File.Move(machine.Folder.Card, frozen.Card);
        foreach (var file in RouterFiles(machine.Folder))
        {
            File.Copy(file, frozen.File(Path.GetFileName(file)));
        }

        (state with { Disks = [], Owner = null }).Write(frozen.State);
    }

    /// <summary>Makes the machine, which must be new, a copy of the frozen one, running, with ports of its own and the present time.</summary>
    public async Task ThawAsync(
        FrozenFolder frozen, PiMachine machine, PiIdentity? identity, ProcessMark owner, CancellationToken cancellationToken)
    {
        using var held = await machine.LockAsync(cancellationToken);
        if (machine.Exists)
        {
            throw new PiException($"There is a virtual Pi '{machine.Name}' already; a copy of a frozen one needs a new name.");
        }

        var state = await MakeAsync(frozen, machine, owner, cancellationToken);
        try
        {
            await ResumeAsync(frozen, machine, state, cancellationToken);
            await PutRightAsync(machine, identity, cancellationToken);
        }
        catch
        {
            await machine.Qemu.EndAsync(CancellationToken.None);
            throw;
        }
    }

    private async Task<MachineState> MakeAsync(FrozenFolder frozen, PiMachine machine, ProcessMark owner, CancellationToken cancellationToken)
    {
        machine.Folder.Make();
        await CardWriter.MakeOverlayAsync(frozen.Card, machine.Folder.Card, cancellationToken);
        foreach (var file in RouterFiles(machine.Folder))
        {
            File.Copy(frozen.File(Path.GetFileName(file)), file, overwrite: true);
        }

        using var held = await FileLock.TakeAsync(Path.Combine(home.Machines, ".ports.lock"), home.Time, cancellationToken);
        var (wifi, service) = LoopbackPorts.Choose(machine.Name, new PiMachines(home).PortsTaken());
        var state = MachineState.Read(frozen.State) with
        {
            Name = machine.Name,
            WifiPort = wifi,
            ServicePort = service,
            SwitchedOnAt = home.Time.GetUtcNow(),
            Owner = owner,
        };
        machine.Keep(state);
        return state;
    }

    private async Task ResumeAsync(FrozenFolder frozen, PiMachine machine, MachineState state, CancellationToken cancellationToken)
    {
        var card = new CardBuilder(home, new StepTeller(null, home.Time)).Find(state.CardKey)
            ?? throw new PiException($"The card image {state.CardKey} of a frozen machine is gone from {home.Artefacts}; delete {frozen.Path}.");
        var plan = await QemuPlans.OfAsync(machine, state, card, state.Acceleration ?? PiAcceleration.Tcg, cancellationToken);
        await machine.Qemu.StartAsync(QemuCommandLine.Of(plan with { Incoming = true }), cancellationToken);
        using var qmp = await QmpClient.ConnectAsync(machine.Folder.QmpSocket, home.Time, cancellationToken);
        await qmp.ExecuteAsync("migrate-incoming", Uri($"zstd -q -dc {Quoted(frozen.Memory)}"), cancellationToken);
        await WaitForMoveAsync(machine, qmp, cancellationToken);
        await CardController.RestoreAsync(qmp, frozen.CardController, cancellationToken);
        await qmp.ExecuteAsync("cont", null, cancellationToken);
    }

    // The copy's clock stands where the frozen one stopped, and its card has the frozen one's identity.
    private async Task PutRightAsync(PiMachine machine, PiIdentity? identity, CancellationToken cancellationToken)
    {
        await machine.WaitForSshAsync(PiPath.Service, AnswerDeadline, cancellationToken);
        var now = (home.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        var setClock = string.Create(CultureInfo.InvariantCulture, $"date -u -s @{now:0.000} >/dev/null");
        if (identity is null)
        {
            (await machine.RunAsync(setClock, cancellationToken: cancellationToken)).Succeeded();
            return;
        }

        var key = identity.Check();
        var login = await SshLogin.EnsureKeyAsync(home, cancellationToken);
        var archive = IdentityCard.Archive(identity, login, machine.AccessPoint.Kept());
        (await machine.RunAsync($"{setClock} && /usr/local/lib/bootstrap/identity-card write && systemctl restart ssh", archive, cancellationToken)).Succeeded();
        machine.Keep(machine.State() with { HostName = identity.HostName, HostKey = key.ToString() });
        await machine.WaitForSshAsync(PiPath.Service, AnswerDeadline, cancellationToken);
    }

    private async Task WaitForMoveAsync(PiMachine machine, QmpClient qmp, CancellationToken cancellationToken)
    {
        var started = home.Time.GetTimestamp();
        while (true)
        {
            var answer = await qmp.ExecuteAsync("query-migrate", null, cancellationToken);
            switch (answer["status"]?.GetValue<string>())
            {
                case "completed":
                    return;
                case "failed" or "cancelled":
                    throw machine.Qemu.Failed($"QEMU could not move the memory of '{machine.Name}': {answer["error-desc"]}");
            }

            if (home.Time.GetElapsedTime(started) > MoveDeadline)
            {
                throw machine.Qemu.Failed($"QEMU took longer than {MoveDeadline.TotalSeconds:0} s to move the memory of '{machine.Name}'");
            }

            await Task.Delay(Pause, home.Time, cancellationToken);
        }
    }

    private static string[] RouterFiles(MachineFolder folder) => [folder.SsidFile, folder.PasswordFile, folder.RadioFile];

    // QEMU gives the rest of the address to a shell.
    private static JsonObject Uri(string command) => new() { ["uri"] = $"exec:{command}" };

    private static string Quoted(string path) => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
