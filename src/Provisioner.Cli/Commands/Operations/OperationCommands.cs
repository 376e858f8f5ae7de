using System.CommandLine;
using Provisioner.Engine.Deployments;

namespace Provisioner.Cli.Commands.Operations;

/// <summary><c>up</c>, <c>preview</c>, <c>refresh</c> and <c>destroy</c>.</summary>
internal static class OperationCommands
{
    public static Command Up(Runner run)
    {
        var options = OperationOptions.Create();
        return Create(run, options, DeploymentKind.Update, previewOnly: false,
            new Command("up", "Create or update what the program describes").Also("update"),
            [.. options.Common, .. options.Confirmation, options.Refresh, options.Replace, options.ShowSecrets]);
    }

    public static Command Preview(Runner run)
    {
        var options = OperationOptions.Create();
        return Create(run, options, DeploymentKind.Update, previewOnly: true,
            new Command("preview", "Show what `up` would change, and the remote steps it would run").Also("pre"),
            [.. options.Common, options.Refresh, options.Replace, options.ShowSecrets]);
    }

    public static Command Refresh(Runner run)
    {
        var options = OperationOptions.Create();
        return Create(run, options, DeploymentKind.Refresh, previewOnly: false,
            new Command("refresh", "Read every resource, and take what is found into the state"),
            [.. options.Common, .. options.Confirmation, options.ClearPendingCreates]);
    }

    public static Command Destroy(Runner run)
    {
        var options = OperationOptions.Create();
        return Create(run, options, DeploymentKind.Destroy, previewOnly: false,
            new Command("destroy", "Delete everything in the stack").Also("down", "dn"),
            [.. options.Common, .. options.Confirmation, options.Refresh]);
    }

    private static Command Create(Runner run, OperationOptions options, DeploymentKind kind, bool previewOnly, Command command, IEnumerable<Option> flags)
    {
        foreach (var flag in flags)
        {
            command.Add(flag);
        }

        return run.Bind(command, (session, parsed, stop) => OperationFlow.RunAsync(session, OperationSettings.Of(session, parsed, options, kind, previewOnly), stop));
    }
}
