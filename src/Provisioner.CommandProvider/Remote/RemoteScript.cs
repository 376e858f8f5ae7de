using System.Text;
using Provisioner.Provider.Remote;

namespace Provisioner.CommandProvider.Remote;

/// <summary>
/// A user's command on its way to a machine. Everything of the user's goes through stdin: first the environment and the command as
/// assignments, line by line, then what the command itself is to read. The command then runs in the user's login shell, which gets
/// it as a variable that it takes out of its environment first; so no command line of the machine holds any of it.
/// </summary>
internal static class RemoteScript
{
    private const string CommandVariable = "PROVISIONER_COMMAND";

    public static Script Of(string command, IEnumerable<KeyValuePair<string, string>> variables, string? stdin)
    {
        var head = new StringBuilder();
        foreach (var (name, value) in variables.Append(KeyValuePair.Create(CommandVariable, command)))
        {
            head.Append("export ").Append(name).Append('=').Append(ShellQuoting.Quote(value)).Append('\n');
        }

        var assignments = head.ToString();
        return Script.Of(Receive(assignments.Count(character => character == '\n'))) with
        {
            Stdin = Payload.Secret(assignments + stdin),
            AsIs = true,
            NeedsRoot = false,
            KeepsStderr = true,
            Deadline = Timeout.InfiniteTimeSpan,
        };
    }

    // A login shell of another family than POSIX's does not read such a command; sh does in its place.
    private static Shell Receive(int lines) => Shell.Of($$"""
        _left={{lines}}
        _head=
        while [ "$_left" -gt 0 ]; do
          IFS= read -r _line || { echo 'the command did not arrive whole' >&2; exit 1; }
          _head="$_head$_line
        "
          _left=$((_left - 1))
        done
        eval "$_head"
        case "${SHELL##*/}" in
          sh | bash | dash | ash | ksh | mksh | zsh) _shell=$SHELL ;;
          *) _shell=/bin/sh ;;
        esac
        exec "$_shell" -c 'eval "unset PROVISIONER_COMMAND
        $PROVISIONER_COMMAND"'

        """);
}
