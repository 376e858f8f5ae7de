using System.Text.RegularExpressions;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Rehearsal;

/// <summary>The SSD: what is on it is not lost without consent, and what is made on it is kept as it was made.</summary>
internal sealed partial class DiskProofs(Stage stage)
{
    /// <summary>Another disk that somebody plugs in, with a pool of the same name as ours.</summary>
    private static readonly PiDisk Foreign = PiDisk.Default with { Serial = "S5FOREIGN00001", Bytes = 4L << 30 };

    // What the SSD was used for before: a pool with a file in it, and a snapshot.
    private const string FormerPool = "holiday";
    public const string Pool = "zroot";

    /// <summary>An SSD that was in use elsewhere: the preview tells what would be lost, and nothing is written.</summary>
    public async Task RefuseWithoutConsentAsync(CancellationToken stop)
    {
        await stage.Machine.PlugAsync(PiDisk.Default, stop);
        await stage.Onlooker.MakePoolAsync(PiDisk.Default, FormerPool, FormerPool, stop);
        var before = stage.Onlooker.LastWritten(PiDisk.Default);

        var preview = (await stage.TypeAsync(stop, "preview")).Ended(ExitCodes.Success).Said(FormerPool).Said(PiDisk.Default.Serial);
        ProofFailedException.Unless(ConsentCommand().IsMatch(preview.Printed), "the preview named no command that gives consent");
        (await stage.UpAsync(stop)).Ended(ExitCodes.Error).Said("refused to").Said(FormerPool);

        await stage.Onlooker.AskAsync("sync", stop);
        ProofFailedException.Unless(stage.Onlooker.LastWritten(PiDisk.Default) == before, "something was written to the SSD");
    }

    /// <summary>The command that the preview printed is typed, and the same up goes through.</summary>
    public async Task BringUpWithConsentAsync(CancellationToken stop)
    {
        var command = ConsentCommand().Matches(stage.Everything).Last();
        (await stage.TypeAsync(stop, "config", "set", "--path", command.Groups["path"].Value, command.Groups["token"].Value)).Ended(ExitCodes.Success);
        (await stage.UpAsync(stop)).Ended(ExitCodes.Success).Said("proven: boot");

        var holds = await stage.Onlooker.AskAsync($"lsblk -nro PARTLABEL,FSTYPE,SIZE /dev/disk/by-id/{PiDisk.Default.ById}; zfs list -H -o name -r {Pool}", stop);
        ProofFailedException.Unless(holds.Contains("vfat 512M", StringComparison.Ordinal) && holds.Contains("zfs_member", StringComparison.Ordinal), $"the SSD holds:\n{holds}");
        ProofFailedException.Unless(
            holds.Split('\n').Where(line => line.StartsWith(Pool, StringComparison.Ordinal)).SequenceEqual([Pool, $"{Pool}/home", $"{Pool}/nix", $"{Pool}/root", $"{Pool}/var"]),
            $"the SSD and its pool hold:\n{holds}");
    }

    /// <summary>Somebody logs in and changes a property.</summary>
    public Task ChangePropertyAsync(CancellationToken stop) => stage.Onlooker.AskAsync($"zfs set atime=on {Pool}/home", stop);

    public static void NamesTheChangedProperty(Typed preview) => preview.Said("atime");

    public async Task PropertyIsBackAsync(CancellationToken stop)
    {
        var atime = (await stage.Onlooker.AskAsync($"zfs get -H -o value,source atime {Pool}/home", stop)).Trim();
        ProofFailedException.Unless(atime == $"off\tinherited from {Pool}", $"atime of {Pool}/home is '{atime}' after the repair");
    }

    /// <summary>Booted from the card, our pool is not imported, and another disk has one of the same name: ours is taken, and the other is not touched.</summary>
    public async Task TakeBackFromForeignAsync(CancellationToken stop)
    {
        var guid = (string)stage.Outputs("ZfsPool")["guid"]!;
        await stage.Machine.PlugAsync(Foreign, stop);
        await stage.Onlooker.MakePoolAsync(Foreign, Pool, "elsewhere", stop);
        var before = stage.Onlooker.LastWritten(Foreign);

        (await stage.UpAsync(stop, "--target", "**ZfsPool::*")).Ended(ExitCodes.Success);

        var imported = (await stage.Onlooker.AskAsync("sync; zpool list -H -o name,guid", stop)).Trim();
        ProofFailedException.Unless(imported == $"{Pool}\t{guid}", $"imported is '{imported}', ours has the GUID {guid}");
        ProofFailedException.Unless(stage.Onlooker.LastWritten(Foreign) == before, "something was written to the other disk");
        await stage.Machine.UnplugAsync(Foreign.Serial, stop);
    }

    [GeneratedRegex(@"config set --path '?(?<path>consent\.[^' ]+)'? (?<token>disk(-[0-9a-z]{4}){4})", RegexOptions.ExplicitCapture)]
    private static partial Regex ConsentCommand();
}
