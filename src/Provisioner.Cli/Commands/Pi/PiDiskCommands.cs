using System.CommandLine;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Commands.Pi;

/// <summary><c>pi plug</c> and <c>pi unplug</c>.</summary>
internal static class PiDiskCommands
{
    public static Command Plug(Runner run, Option<string> name)
    {
        var disk = Disk();
        return run.Bind(new Command("plug", "Plug the USB disk in; a new one is blank") { disk }, async (session, parsed, stop) =>
        {
            var machine = PiCommand.Existing(session, parsed, name);
            var chosen = PiDisk.Default with { Serial = parsed.GetRequiredValue(disk) };
            await using var steps = new StepLines(session);
            await steps.StepAsync($"plugging {chosen.Serial} into \"{machine.Name}\"", () => machine.PlugAsync(chosen, stop));
            return ExitCodes.Success;
        });
    }

    public static Command Unplug(Runner run, Option<string> name)
    {
        var disk = Disk();
        return run.Bind(new Command("unplug", "Pull the USB disk out, without asking the system; its content stays") { disk }, async (session, parsed, stop) =>
        {
            var machine = PiCommand.Existing(session, parsed, name);
            var serial = parsed.GetRequiredValue(disk);
            await using var steps = new StepLines(session);
            await steps.StepAsync($"pulling {serial} out of \"{machine.Name}\"", () => machine.UnplugAsync(serial, stop));
            return ExitCodes.Success;
        });
    }

    private static Option<string> Disk() => new("--disk")
    {
        Description = "The disk's serial number",
        HelpName = "serial",
        DefaultValueFactory = _ => PiDisk.Default.Serial,
    };
}
