using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Commands.Pi;

/// <summary>The group <c>pi</c>: virtual Raspberry Pis.</summary>
internal static class PiCommand
{
    public static Command Create(Runner run)
    {
        var name = new Option<string>("--name")
        {
            Description = "The machine's name: lower case letters, digits and '-'",
            HelpName = "name",
            Recursive = true,
            DefaultValueFactory = _ => PiMachines.Default,
        };
        return new Command("pi", "Run a virtual Raspberry Pi")
        {
            name,
            PiStartCommand.Create(run, name),
            PiPowerCommands.Stop(run, name),
            PiStatusCommand.Create(run, name),
            PiSshCommand.Create(run, name),
            PiConsoleCommand.Create(run, name),
            PiPowerCommands.Cut(run, name),
            PiDiskCommands.Plug(run, name),
            PiDiskCommands.Unplug(run, name),
            PiImageCommand.Create(run),
            PiFlakeCommand.Create(run),
        };
    }

    /// <summary>The machine that is meant; it need not exist.</summary>
    public static PiMachine Machine(Session session, ParseResult parsed, Option<string> name) =>
        new PiMachines(PiHome.FromEnvironment(session.Context.Time)).Get(parsed.GetRequiredValue(name));

    /// <summary>The machine that is meant; it exists.</summary>
    /// <exception cref="CliException">There is none of this name.</exception>
    public static PiMachine Existing(Session session, ParseResult parsed, Option<string> name)
    {
        var machine = Machine(session, parsed, name);
        return machine.Exists ? machine : throw new CliException(
            ExitCodes.Error, $"there is no virtual Pi named \"{machine.Name}\". Start one with `{CommandLine.Name} pi start{(machine.Name == PiMachines.Default ? string.Empty : $" --name {machine.Name}")}`.");
    }
}
