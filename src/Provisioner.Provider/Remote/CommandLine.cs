using System.Text;

namespace Provisioner.Provider.Remote;

/// <summary>
/// A script as one command line. The script stands in argv, where every user of the device can read it, and so holds no
/// secret; what is secret comes on stdin.
/// </summary>
/// <remarks>
/// Its first line on stderr is the number of its process group, so that it can be ended when nobody waits for it any more:
/// sshd itself sends no signals on behalf of root, and a closed channel ends nobody. Its first line on stdin is the number of
/// bytes that follow.
/// </remarks>
internal static class CommandLine
{
    // One argument of execve is at most 128 KiB on Linux (MAX_ARG_STRLEN), and the login shell quotes ours once more.
    private const int Limit = 100_000;

    private const string Surroundings =
        "LC_ALL=C PATH=\"$PATH:/run/current-system/sw/bin:/run/wrappers/bin:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin\"; export LC_ALL PATH\n" +
        "umask 077\n";

    private const string TellGroup =
        "read -r _p _c _s _u _group _rest </proc/$$/stat || _group=$$\n" +
        "echo \"$_group\" >&2\n";

    /// <summary>What <c>sh -c</c> gets.</summary>
    /// <exception cref="InvalidOperationException">It is too long for an argument: data belongs on stdin.</exception>
    public static string Wrap(Script script)
    {
        var text = (script.AsIs ? string.Empty : Surroundings)
            + TellGroup
            + (script.Stdin is null ? "exec </dev/null\n" : "IFS= read -r stdin_bytes\n")
            + (script.AsIs ? string.Empty : "set -eu\n")
            + script.Text.Source
            + "\n";
        return Encoding.UTF8.GetByteCount(text) <= Limit
            ? text
            : throw new InvalidOperationException($"A script is longer than {Limit} bytes; its data belongs on stdin.");
    }

    /// <summary>The command line for a login shell.</summary>
    public static string ForShell(Script script, string user)
    {
        var quoted = ShellQuoting.Quote(Wrap(script));
        return NeedsSudo(script, user) ? $"exec sudo -n -- sh -c {quoted}" : $"exec sh -c {quoted}";
    }

    /// <summary>Whether the script goes through sudo.</summary>
    public static bool NeedsSudo(Script script, string user) => script.NeedsRoot && user != "root";

    /// <summary>Ends an abandoned process group: asked first, made to a moment later.</summary>
    public static string Ending(int group, bool asRoot, string user, TimeSpan grace)
    {
        var script = Shell.Of($"kill -s TERM -- -{group} 2>/dev/null || exit 0\nn={(long)Math.Ceiling(grace.TotalSeconds * 5)}\nwhile [ $n -gt 0 ] && kill -s 0 -- -{group} 2>/dev/null; do sleep 0.2; n=$((n-1)); done\nkill -s KILL -- -{group} 2>/dev/null || :\n");
        var quoted = ShellQuoting.Quote(script.Source);
        return asRoot && user != "root" ? $"exec sudo -n -- sh -c {quoted}" : $"exec sh -c {quoted}";
    }
}
