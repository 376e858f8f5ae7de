namespace EndToEnd.Tests.Support;

/// <summary>
/// Sits on the Pi between its sshd and the shell, and notes down every command that comes over the WiFi before it runs. The
/// product knows nothing of it.
/// </summary>
/// <remarks>
/// A command counts as a look when a preview sent it (<see cref="LearnLooksAsync"/> is called after one), when it does nothing
/// (a device is waited for by that), when it is the colon with which a quiet connection is asked whether it lives, or when it
/// claims the device for one operator. Everything else changes something.
/// </remarks>
internal sealed class CommandTap(Lamp lamp)
{
    private const string Folder = "/var/lib/tap";

    // $SSH_ORIGINAL_COMMAND runs as sshd itself would run it.
    private const string Program =
        """
        #!/bin/sh
        file=/var/lib/tap/log/$(date +%s%N)-$$
        case $SSH_ORIGINAL_COMMAND in *' '*) printf '%s' "${SSH_ORIGINAL_COMMAND##* }" | base64 -d ;; *) printf '%s' "$SSH_ORIGINAL_COMMAND" ;; esac >"$file"
        exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"
        """;

    private readonly HashSet<string> _looks = new(StringComparer.Ordinal);

    /// <summary>Puts it in place.</summary>
    public Task InstallAsync() => ForcedCommand.InstallAsync(lamp, Folder, Program, "log");

    /// <summary>Every command that has come so far only looks.</summary>
    public async Task LearnLooksAsync()
    {
        _looks.UnionWith(await CommandsAsync());
        await lamp.SaysAsync($"rm -f {Folder}/log/*");
    }

    /// <summary>The commands that change something, in their order: what sh got of them.</summary>
    public async Task<IReadOnlyList<string>> ChangesAsync() =>
        [.. (await CommandsAsync()).Where(command => !_looks.Contains(command) && command is not ":" && !command.Contains("/run/provisioner-operator", StringComparison.Ordinal) && !command.EndsWith("set -eu\ntrue\n", StringComparison.Ordinal))];

    private async Task<string[]> CommandsAsync() =>
        (await lamp.SaysAsync($"for file in {Folder}/log/*; do [ ! -e \"$file\" ] || {{ cat \"$file\"; printf '\\001'; }}; done"))
            .Split('\u0001', StringSplitOptions.RemoveEmptyEntries);
}
