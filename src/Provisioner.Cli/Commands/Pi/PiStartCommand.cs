using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Commands.Pi;

/// <summary><c>pi start</c>.</summary>
internal static class PiStartCommand
{
    public static Command Create(Runner run, Option<string> name)
    {
        var identity = new Option<string>("--identity")
        {
            Description = "Write the host key and hostname of this stack's HostIdentity onto the card, as flashing does; STACK/NAME where the stack has several",
            HelpName = "stack",
        };
        return run.Bind(new Command("start", "Switch a virtual Pi on; the first time it is built") { identity }, async (session, parsed, stop) =>
        {
            var machine = PiCommand.Machine(session, parsed, name);
            var asked = parsed.GetValue(identity);
            if (machine.IsOn)
            {
                if (asked is not null)
                {
                    throw new CliException(ExitCodes.Error, $"the virtual Pi \"{machine.Name}\" is on, so its card cannot be written. Stop it first with `{CommandLine.Name} pi stop`.");
                }

                session.Out.Write($"The virtual Pi \"{machine.Name}\" is on already.");
                session.Out.Write(PiStatusLines.Of(machine.Status()));
                return ExitCodes.Success;
            }

            var given = asked is null ? null : await StackIdentity.LoadAsync(session, asked, stop);
            PiStatus status;
            await using (var steps = new StepLines(session))
            {
                status = await machine.StartAsync(new PiStartOptions { Identity = given }, steps, stop);
            }

            session.Out.Write(PiStatusLines.Of(status));
            return ExitCodes.Success;
        });
    }
}
