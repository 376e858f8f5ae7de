using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.State;

namespace Provisioner.Cli.Commands.State;

/// <summary>The group <c>state</c>: changes to what the state says, which touch nothing real.</summary>
internal static class StateCommand
{
    public static Command Create(Runner run) => new("state", "Edit the current stack's state")
    {
        Delete(run),
        Unprotect(run),
    };

    private static Command Delete(Runner run)
    {
        var urn = new Argument<string>("urn") { Description = "The resource's URN" };
        var stack = StackOption.Create();
        var force = new Option<bool>("--force") { Description = "Also a protected resource" };
        var dependents = new Option<bool>("--target-dependents") { Description = "Also what depends on it" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        return run.Bind(new Command("delete", "Take a resource out of the state; it is not deleted itself") { urn, stack, force, dependents, yes }, async (session, parsed, stop) =>
        {
            var named = parsed.GetRequiredValue(urn);
            await EditAsync(session, parsed.GetValue(stack), parsed.GetValue(yes), snapshot => SnapshotEditing.Delete(snapshot, named, parsed.GetValue(dependents), parsed.GetValue(force)), stop);
            session.Print("Resource deleted");
            return ExitCodes.Success;
        });
    }

    private static Command Unprotect(Runner run)
    {
        var urn = new Argument<string>("urn") { Description = "The resource's URN", Arity = ArgumentArity.ZeroOrOne };
        var stack = StackOption.Create();
        var all = new Option<bool>("--all") { Description = "Every resource of the stack" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        return run.Bind(new Command("unprotect", "Let a protected resource be deleted again") { urn, stack, all, yes }, async (session, parsed, stop) =>
        {
            var named = parsed.GetValue(urn);
            if (parsed.GetValue(all) == named is not null)
            {
                throw new CliException(ExitCodes.Usage, "name one resource by its URN, or all with --all");
            }

            await EditAsync(session, parsed.GetValue(stack), parsed.GetValue(yes), named is null ? SnapshotEditing.UnprotectAll : snapshot => SnapshotEditing.Unprotect(snapshot, named), stop);
            session.Print(named is null ? "All resources successfully unprotected" : "Resource successfully unprotected");
            return ExitCodes.Success;
        });
    }

    private static async Task EditAsync(Session session, string? asked, bool yes, Func<Snapshot, Snapshot> edit, CancellationToken stop)
    {
        using var workspace = Workspace.Open(session);
        var stack = await workspace.RequireStackAsync(asked, stop);
        await Confirmation.RequireAsync(session, yes, "This will edit your stack's state directly. Type \"yes\" to confirm:", "yes", stop);
        var manager = await workspace.StackFileOf(stack).OpenSecretsAsync(workspace.Secrets, stop);
        using var update = await workspace.Backend.BeginUpdateAsync(stack, manager, workspace.Secrets, stop);
        await update.SaveAsync(edit(update.Snapshot), stop);
    }
}
