using System.Globalization;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Secrets;

/// <summary>The same in the Pi, over its service port: processes all the time, and at the end the log and all files that were written since.</summary>
internal sealed class GuestWatch(Lamp lamp)
{
    private const string Folder = "/run/e2e-watch";

    // What is looked for comes by stdin and lies in root's own folder, so that the search does not find itself.
    private const string Start =
        $$"""
        umask 077; mkdir {{Folder}}; cat >{{Folder}}/patterns; touch {{Folder}}/mark; echo 0 >{{Folder}}/looks; : >{{Folder}}/hits
        (
          n=0
          while [ ! -e {{Folder}}/stop ]; do
            grep -aoFf {{Folder}}/patterns /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null >>{{Folder}}/hits
            n=$((n+1)); echo $n >{{Folder}}/looks; sleep 0.1
          done
        ) </dev/null >/dev/null 2>&1 &
        """;

    private const string Files =
        $$"""
        find / /run /tmp /dev/shm -xdev -type f -newer {{Folder}}/mark -perm /044 ! -path '/proc/*' ! -path '/sys/*' -exec grep -laFf {{Folder}}/patterns {} + 2>/dev/null
        journalctl -q -o cat | grep -aFf {{Folder}}/patterns | sed 's/^/journal: /'
        :
        """;

    public Task StartAsync(IEnumerable<string> forms) => lamp.SaysAsync(Start, string.Concat(forms.Select(form => form + "\n")));

    /// <summary>How often all processes were looked at.</summary>
    public async Task<int> LooksAsync() => int.Parse(await lamp.SaysAsync($"cat {Folder}/looks"), CultureInfo.InvariantCulture);

    /// <summary>Where something was seen, as <c>/proc/123/cmdline:what</c>.</summary>
    public async Task<IReadOnlyList<string>> SeenAsync() =>
        [.. (await lamp.SaysAsync($"cat {Folder}/hits")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct()];

    /// <summary>Files that others than root can read, written since the start, and lines of the journal.</summary>
    public Task<string> FoundInFilesAsync() => lamp.SaysAsync(Files);

    public Task StopAsync() => lamp.SaysAsync($"touch {Folder}/stop");
}
