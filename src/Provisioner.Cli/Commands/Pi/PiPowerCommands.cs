using System.CommandLine;

namespace Provisioner.Cli.Commands.Pi;

/// <summary><c>pi stop</c> and <c>pi power-cut</c>.</summary>
internal static class PiPowerCommands
{
    public static Command Stop(Runner run, Option<string> name) =>
        run.Bind(new Command("stop", "Press the power button, and wait until the system has switched itself off"), async (session, parsed, stop) =>
        {
            var machine = PiCommand.Existing(session, parsed, name);
            await using var steps = new StepLines(session);
            if (!await steps.StepAsync($"shutting \"{machine.Name}\" down", () => machine.StopAsync(stop)))
            {
                session.Error.Warn("the system did not switch itself off in time, so the power was cut");
            }

            return ExitCodes.Success;
        });

    public static Command Cut(Runner run, Option<string> name) =>
        run.Bind(new Command("power-cut", "Pull the plug: off at once, and what was not written yet is lost"), async (session, parsed, stop) =>
        {
            var machine = PiCommand.Existing(session, parsed, name);
            await using var steps = new StepLines(session);
            if (!await steps.StepAsync($"cutting the power of \"{machine.Name}\"", () => machine.PowerCutAsync(stop)))
            {
                session.Error.Warn($"\"{machine.Name}\" was off already, so nothing has changed");
            }

            return ExitCodes.Success;
        });
}
