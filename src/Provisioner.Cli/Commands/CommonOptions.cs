using System.CommandLine;

namespace Provisioner.Cli.Commands;

internal static class StackOption
{
    public static Option<string> Create(bool recursive = false) => new("--stack", "-s")
    {
        Description = "The name of the stack to operate on; defaults to the selected stack",
        HelpName = "stack",
        Recursive = recursive,
    };
}

internal static class JsonOption
{
    public static Option<bool> Create() => new("--json", "-j") { Description = "Emit output as JSON" };
}

internal static class CommandAliases
{
    /// <summary>The command under further names.</summary>
    public static Command Also(this Command command, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            command.Aliases.Add(name);
        }

        return command;
    }
}
