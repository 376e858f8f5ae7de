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
/// <para>
/// The login's shell reads the line first, and it may be fish or tcsh: fish gives backslashes in single quotes a meaning, tcsh
/// exclamation marks and line ends. So the script goes as base64, and what decodes it has no quotes, only single characters behind
/// a backslash, which sh, fish and tcsh read alike.
/// </para>
/// </remarks>
internal static class CommandLine
{
    // One argument of execve is at most 128 KiB on Linux (MAX_ARG_STRLEN): that of the login's shell is the whole line.
    private const int Limit = 95_000;

    // What sh runs before it has the script: a machine without base64 must not take nothing for the script. The script finds no
    // arguments of ours.
    private const string Decode = "s=$(printf %s \"$1\"|PATH=$PATH:/run/current-system/sw/bin:/usr/bin:/bin base64 -d)||exit 127;set --;eval \"$s\"";

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

    /// <summary>The command line for a login's shell.</summary>
    public static string ForShell(Script script, string user) => ForShell(Wrap(script), NeedsSudo(script, user));

    /// <summary>Whether the script goes through sudo.</summary>
    public static bool NeedsSudo(Script script, string user) => script.NeedsRoot && user != "root";

    /// <summary>Ends an abandoned process group: asked first, made to a moment later.</summary>
    public static string Ending(int group, bool asRoot, string user, TimeSpan grace)
    {
        var script = Shell.Of($"kill -s TERM -- -{group} 2>/dev/null || exit 0\nn={(long)Math.Ceiling(grace.TotalSeconds * 5)}\nwhile [ $n -gt 0 ] && kill -s 0 -- -{group} 2>/dev/null; do sleep 0.2; n=$((n-1)); done\nkill -s KILL -- -{group} 2>/dev/null || :\n");
        return ForShell(script.Source, asRoot && user != "root");
    }

    private static string ForShell(string text, bool throughSudo) =>
        $"exec {(throughSudo ? "sudo -n -- " : "")}sh -c {Escape(Decode)} sh {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";

    /// <summary>One word for sh, fish and tcsh. A letter is never escaped: in fish that is a control character.</summary>
    private static string Escape(string text) =>
        string.Concat(text.Select(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '-' or '_' ? character.ToString() : $"\\{character}"));
}
