using System.CommandLine;
using Provisioner.Cli.Sessions;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary><c>cancel [NAME]</c>: takes the locks of an operation that is gone.</summary>
internal static class CancelCommand
{
    public static Command Create(Runner run)
    {
        var name = new Argument<string>("name") { Description = "The stack's name; the selected one when left out", Arity = ArgumentArity.ZeroOrOne };
        var stack = StackOption.Create();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        return run.Bind(new Command("cancel", "Take the locks of a stack away; whatever still runs is not stopped by it") { name, stack, yes }, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var held = await workspace.RequireStackAsync(parsed.GetValue(name) ?? parsed.GetValue(stack), stop);
            await Confirmation.RequireAsync(session, parsed.GetValue(yes), $"This will irreversibly take the locks of the stack '{held}', also of an operation that still runs! Type the stack's name to confirm:", held, stop);
            foreach (var holder in workspace.Backend.Cancel(held))
            {
                session.Error.Warn($"took the lock of {holder}");
            }

            session.Print($"The currently running update for '{held}' has been canceled!");
            return ExitCodes.Success;
        });
    }
}
