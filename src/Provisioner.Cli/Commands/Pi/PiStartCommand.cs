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
        var card = new Option<string>("--card")
        {
            Description = "Put a copy of this card image into the slot, as an SdCard of this stack wrote it",
            HelpName = "file",
        };
        return run.Bind(new Command("start", "Switch a virtual Pi on; the first time it is built") { identity, card }, async (session, parsed, stop) =>
        {
            var machine = PiCommand.Machine(session, parsed, name);
            var asked = parsed.GetValue(identity);
            var inserted = parsed.GetValue(card) is { Length: > 0 } file ? Path.GetFullPath(file, session.Context.WorkingDirectory) : null;
            if (asked is not null && inserted is not null)
            {
                throw new CliException(ExitCodes.Usage, "--card brings its own identity; leave --identity out.");
            }

            if (machine.IsOn)
            {
                if (asked is not null || inserted is not null)
                {
                    throw new CliException(ExitCodes.Error, $"the virtual Pi \"{machine.Name}\" is on, so its card cannot be changed. Stop it first with `{CommandLine.Name} pi stop`.");
                }

                session.Out.Write($"The virtual Pi \"{machine.Name}\" is on already.");
                session.Out.Write(PiStatusLines.Of(machine.Status()));
                return ExitCodes.Success;
            }

            var given = asked is null ? null : await StackIdentity.LoadAsync(session, asked, stop);
            PiStatus status;
            await using (var steps = new StepLines(session))
            {
                status = await machine.StartAsync(new PiStartOptions { Identity = given, Card = inserted }, steps, stop);
            }

            session.Out.Write(PiStatusLines.Of(status));
            return ExitCodes.Success;
        });
    }
}
