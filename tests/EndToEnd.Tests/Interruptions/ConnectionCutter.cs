using System.Globalization;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Interruptions;

/// <summary>
/// Sits on the Pi between its sshd and the shell, and cuts the connection of every command that changes something twice: when
/// it comes for the first time, before it runs; when it comes again, after it has run and before anybody is told. From then on
/// it runs. The product knows nothing of it.
/// </summary>
/// <remarks>
/// The connection is cut by killing the sshd that serves it, so whatever else ran over it is cut as well, and runs on. What
/// <see cref="CommandTap"/> calls a look is never cut.
/// </remarks>
internal sealed class ConnectionCutter(Lamp lamp)
{
    private const string Folder = "/var/lib/cutter";

    // mkdir succeeds for one of those who try it at the same time. $SSH_ORIGINAL_COMMAND runs as sshd itself would run it.
    private const string Program =
        """
        #!/bin/sh
        cd /var/lib/cutter
        key=$(printf '%s' "$SSH_ORIGINAL_COMMAND" | sha256sum | cut -c 1-64)
        run() { (cd && exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"); }
        script=$(printf '%s' "${SSH_ORIGINAL_COMMAND##* }" | base64 -d 2>/dev/null)
        cut_off() { printf '%s' "$script" >"$1/$key/command"; kill -s KILL "$PPID"; exit 1; }
        if [ -e learning ]; then mkdir -p "look/$key"; fi
        if [ -d "look/$key" ] || [ "$SSH_ORIGINAL_COMMAND" = : ]; then run; exit; fi
        case $script in *'
        set -eu
        true') run; exit ;; esac
        if mkdir "before/$key" 2>/dev/null; then cut_off before; fi
        if mkdir "after/$key" 2>/dev/null; then run >/dev/null 2>&1; cut_off after; fi
        run
        """;

    /// <summary>Puts it in place. Until <see cref="BeginAsync"/> it learns what a look is.</summary>
    public async Task InstallAsync()
    {
        await ForcedCommand.InstallAsync(lamp, Folder, Program, "look", "before", "after");
        await lamp.SaysAsync($": >{Folder}/learning");
    }

    /// <summary>Has it cut from now on.</summary>
    public async Task BeginAsync() => await lamp.SaysAsync($"rm {Folder}/learning");

    /// <summary>How many commands have been cut off before they ran, and how many after.</summary>
    public async Task<(int Before, int After)> CutsAsync()
    {
        // A Pi that runs from its SSD has them on its card.
        var counts = (await lamp.SaysAsync(
            $"""
            set -e
            card=
            if [ ! -e {Folder} ]; then card=/run/card; mkdir -p $card; mount -o ro /dev/mmcblk0p2 $card; fi
            cd $card{Folder}
            ls before | wc -l
            ls after | wc -l
            """)).Split('\n');
        return (int.Parse(counts[0], CultureInfo.InvariantCulture), int.Parse(counts[1], CultureInfo.InvariantCulture));
    }
}
