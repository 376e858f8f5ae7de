using System.CommandLine;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary>The group <c>stack</c>.</summary>
internal static class StackCommand
{
    public static Command Create(Runner run) => new("stack", "Manage stacks")
    {
        StackInitCommand.Create(run),
        StackLsCommand.Create(run),
        StackSelectCommand.Create(run),
        StackOutputCommand.Create(run),
        StackExportCommand.Create(run),
        StackImportCommand.Create(run),
        StackRenameCommand.Create(run),
        StackRmCommand.Create(run),
        HistoryCommand.Create(run),
    };
}
