using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Interruptions;

/// <summary>
/// Stands on the Pi in front of programs that change something, and halts each use of them twice, for the power to be cut
/// there: when it comes for the first time, before it begins; when it comes again, right after it has begun. From then on it
/// runs. The product knows nothing of it.
/// </summary>
/// <remarks>What it notes down is on the card at once; whatever is on its way to the disk stays on its way.</remarks>
/// <param name="lamp">A Pi that runs from its card.</param>
/// <param name="uses">Shell patterns of the uses that are halted: the program's name and its arguments.</param>
internal sealed class PowerCutter(Lamp lamp, params IReadOnlyList<string> uses)
{
    private const string Folder = "/var/lib/cutter";

    // The programs themselves lie further behind; what they start is not halted.
    private string Program =>
        $$$"""
        #!/bin/sh
        name=${0##*/}
        PATH=/usr/local/bin:/usr/sbin:/usr/bin
        case "$name $*" in
        {{{string.Join('|', uses)}}}) ;;
        *) exec "$name" "$@" ;;
        esac
        cd /var/lib/cutter
        key=$(printf '%s\n' "$name" "$@" | sha256sum | cut -c 1-64)
        halt() { kind=$1; shift; printf '%s %s' "$kind" "$name $*" >"$kind/$key/command"; sync -f .; : >reached; sleep 1000; }
        if mkdir "before/$key" 2>/dev/null; then halt before "$@"; fi
        if mkdir "during/$key" 2>/dev/null; then
        sync -f .
        (cd && exec "$name" "$@") &
        halt during "$@"
        fi
        cd
        exec "$name" "$@"
        """;

    /// <summary>Puts it in place.</summary>
    public async Task InstallAsync() => await lamp.SaysAsync(
        $$"""
        set -e
        mkdir -p {{Folder}}/before {{Folder}}/during
        cat >{{Folder}}/run
        chmod 755 {{Folder}}/run
        for name in {{string.Join(' ', uses.Select(use => use.TrimStart('\'').Split(' ')[0]).Distinct())}}; do
        PATH=/usr/local/bin:/usr/sbin:/usr/bin command -v "$name" >/dev/null
        ln -s {{Folder}}/run "/usr/local/sbin/$name"
        done
        sync
        """,
        Program);

    /// <summary>
    /// Waits until a program is halted or the command is over; then cuts the power, and switches the Pi on again.
    /// </summary>
    /// <returns>Where the power was cut, or null when the command was over before.</returns>
    public async Task<string?> CutAsync(Task command, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reached = lamp.Pi.RunAsync($"cd {Folder}; until [ -e reached ]; do sleep 0.02; done", cancellationToken: over.Token);
        if (await Task.WhenAny(reached, command) == command)
        {
            await over.CancelAsync();
            return null;
        }

        if ((await reached).ExitCode != 0)
        {
            // The Pi restarts, into a system of which this knows nothing.
            await command;
            return null;
        }

        await lamp.LosePowerAsync();
        return await lamp.SaysAsync($"cd {Folder}; rm -f reached; ls -t -d before/* during/* | head -n 1 | while read -r last; do cat \"$last/command\"; done");
    }
}
