using System.CommandLine;
using Provisioner.Cli.Terminal;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Commands.Pi;

/// <summary><c>pi ssh [-- COMMAND]</c>: the real ssh, as root, with the machine's pinned host key.</summary>
internal static class PiSshCommand
{
    public static Command Create(Runner run, Option<string> name)
    {
        var service = new Option<bool>("--service") { Description = "Go past the WiFi, over the service port" };
        var command = new Argument<string[]>("command") { Description = "What to run there, behind --; a shell when left out", Arity = ArgumentArity.ZeroOrMore };
        return run.Bind(new Command("ssh", "Log in to a virtual Pi as root, or run a command there") { service, command }, async (session, parsed, stop) =>
        {
            var machine = PiCommand.Existing(session, parsed, name);
            if (!machine.IsOn)
            {
                throw new CliException(ExitCodes.Error, $"the virtual Pi \"{machine.Name}\" is off. Switch it on with `{CommandLine.Name} pi start`.");
            }

            var login = machine.Ssh(parsed.GetValue(service) ? PiPath.Service : PiPath.Wifi);
            return await ForegroundProcess.RunAsync("ssh", [.. login.Arguments, .. parsed.GetValue(command) ?? []], stop);
        });
    }
}
