using System.CommandLine;
using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Commands.Pi;

/// <summary><c>pi console</c>: the serial console, with this terminal as its screen and keyboard.</summary>
internal static class PiConsoleCommand
{
    public static Command Create(Runner run, Option<string> name) =>
        run.Bind(new Command("console", "Sit down at a virtual Pi's serial console; Ctrl-] leaves it"), async (session, parsed, stop) =>
        {
            var machine = PiCommand.Existing(session, parsed, name);
            using var console = await machine.OpenConsoleAsync(stop);
            session.Error.Hint($"Serial console of \"{machine.Name}\": Ctrl-] leaves it, Enter wakes it.");
            await using var raw = session.Context.InputIsTerminal ? await RawTerminal.EnterAsync(stop) : null;
            await using var keyboard = Console.OpenStandardInput();
            await using var screen = Console.OpenStandardOutput();
            await console.AttachAsync(keyboard, screen, stop);
            return ExitCodes.Success;
        });
}
