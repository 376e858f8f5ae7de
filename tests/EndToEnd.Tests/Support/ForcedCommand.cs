namespace EndToEnd.Tests.Support;

/// <summary>
/// A program that the Pi's sshd runs for every command that comes over the WiFi, in the place of the shell, with the command in
/// <c>$SSH_ORIGINAL_COMMAND</c>. The service port stays as it is, and the product knows nothing of it.
/// </summary>
internal static class ForcedCommand
{
    /// <summary>Puts it in place, with empty folders for it below its own.</summary>
    public static async Task InstallAsync(Lamp lamp, string folder, string program, params IEnumerable<string> folders) => await lamp.SaysAsync(
        $$"""
        set -e
        mkdir -p {{string.Join(' ', folders.Select(name => $"{folder}/{name}"))}}
        cat >{{folder}}/run
        chmod 755 {{folder}}/run
        wifi=$(ip -4 -o addr show wlan0 | awk '{ sub("/.*", "", $4); print $4 }')
        printf 'Match LocalAddress %s\nForceCommand %s/run\n' "$wifi" {{folder}} >/etc/ssh/sshd_config.d/99-forced-command.conf
        systemctl reload ssh
        """,
        program);
}
