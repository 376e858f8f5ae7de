using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Commands.Pi;

/// <summary><c>pi flake</c>.</summary>
internal static class PiFlakeCommand
{
    public static Command Create(Runner run)
    {
        var path = new Argument<string>("path") { Description = "The folder to write; files of the same names are replaced" };
        var identity = new Option<string>("--identity")
        {
            Description = "The stack whose HostIdentity its systems are for; STACK/NAME where the stack has several",
            HelpName = "stack",
            Required = true,
        };
        return run.Bind(new Command("flake", "Write the virtual Pi's stand-in for NixOS, a flake for a NixosSystem to install") { path, identity }, async (session, parsed, stop) =>
        {
            var folder = Path.GetFullPath(parsed.GetRequiredValue(path), session.Context.WorkingDirectory);
            var (hostName, hostId) = await StackIdentity.LoadNamesAsync(session, parsed.GetRequiredValue(identity), stop);
            PiFlake.Write(folder, hostName, hostId);
            session.Print(folder);
            return ExitCodes.Success;
        });
    }
}
