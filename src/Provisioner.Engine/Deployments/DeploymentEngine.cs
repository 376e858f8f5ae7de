using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Execution;

namespace Provisioner.Engine.Deployments;

/// <summary>The embedded engine: one call, one run over a stack.</summary>
public static class DeploymentEngine
{
    /// <summary>
    /// Runs the program (for an update), plans each resource as it is registered, and carries the steps out.
    /// Whatever goes wrong in the run is told by events and by <see cref="DeploymentResult.Succeeded"/>, not by an exception;
    /// the last event is always <see cref="EngineEvent.Ended"/>, with the result that is returned.
    /// </summary>
    /// <param name="request">What to do; its store, if any, is called before and after each step.</param>
    /// <param name="onEvent">Called by one caller at a time, in order; it must not block for long.</param>
    /// <param name="stop">The first Ctrl-C: no new steps, plugins are asked to cancel, steps in flight end and are saved.</param>
    /// <param name="kill">The second Ctrl-C: program and plugins are killed; steps in flight stay in the state as pending operations.</param>
    public static Task<DeploymentResult> RunAsync(
        DeploymentRequest request,
        Action<EngineEvent> onEvent,
        CancellationToken stop,
        CancellationToken kill) => RunAsync(request, EngineServices.Default, onEvent, stop, kill);

    /// <summary>What a package's provider says of its resources: its schema, as JSON. The provider is started for it, and not configured.</summary>
    /// <exception cref="EngineException">The plugin cannot be found, built or started, or has no schema.</exception>
    public static async Task<string> GetSchemaAsync(Projects.Project project, string package, CancellationToken cancellationToken) =>
        await FindSchemaAsync(project, package, _ => { }, cancellationToken) ?? throw new Hosts.HostException($"The provider {package} has no schema.");

    /// <summary>The same, with null where the provider has no schema.</summary>
    /// <param name="onActivity">Told what takes a while, such as a build, when it begins.</param>
    /// <exception cref="EngineException">The plugin cannot be found, built or started.</exception>
    public static async Task<string?> FindSchemaAsync(Projects.Project project, string package, Action<string> onActivity, CancellationToken cancellationToken)
    {
        var request = new DeploymentRequest
        {
            Kind = DeploymentKind.Update,
            Preview = true,
            Project = project,
            Stack = "schema",
            Config = ImmutableSortedDictionary<Projects.ConfigKey, Projects.ConfigValue>.Empty,
            Snapshot = State.Snapshot.Empty,
        };
        using var run = new RunContext(
            request,
            EngineServices.Default,
            told =>
            {
                if (told is EngineEvent.Activity { Done: false } activity)
                {
                    onActivity(activity.Title);
                }
            },
            cancellationToken);
        await using var deployment = new Deployment(run);
        return await deployment.FindSchemaAsync(package);
    }

    internal static async Task<DeploymentResult> RunAsync(
        DeploymentRequest request,
        EngineServices services,
        Action<EngineEvent> onEvent,
        CancellationToken stop,
        CancellationToken kill)
    {
        var started = services.Time.GetTimestamp();
        using var run = new RunContext(request, services, onEvent, kill);
        run.Emit(new EngineEvent.Started(request.Kind, request.Preview, request.Stack, request.Config.ToImmutableSortedDictionary(
            entry => entry.Key.ToString(), entry => entry.Value.ToString(), StringComparer.Ordinal)));

        var deployment = new Deployment(run);
        DeploymentResult result;
        await using (deployment)
        {
            await using var stopping = stop.Register(() =>
            {
                run.Fail("The run was stopped; steps in flight end first.");
                _ = deployment.CancelPluginsAsync();
            });
            await using var killing = kill.Register(() =>
            {
                run.Fail();
                _ = deployment.KillPluginsAsync();
            });
            await deployment.RunAsync();
            var outputs = await deployment.FinishAsync();
            result = new DeploymentResult(!run.Failed, run.Changes, deployment.Current, outputs);
        }

        run.Emit(new EngineEvent.Ended(result, services.Time.GetElapsedTime(started)));
        return result;
    }
}
