using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Imports;
using Provisioner.Engine.Deployments.Monitor;
using Provisioner.Engine.Deployments.Planning;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Steps;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Execution;

/// <summary>Takes what exists into the state, as the request names it: no program runs, and nothing else of the state is touched.</summary>
internal sealed class ImportRun(RunContext run, SnapshotKeeper keeper, StepExecutor executor, Registrar registrar, ProviderRegistry registry, StackOutputs stack)
{
    private readonly Dictionary<string, Task> _importing = new(StringComparer.Ordinal);

    /// <summary>Parents before their children, otherwise together.</summary>
    /// <exception cref="GoalException">What is asked for cannot be; nothing has been imported.</exception>
    public async Task RunAsync()
    {
        var existing = keeper.All.Where(entry => !entry.State.Delete).Select(entry => entry.State.Urn).ToHashSet(StringComparer.Ordinal);
        var imports = run.Request.Imports.Select(import => (Import: import, Urn: UrnOf(import))).ToList();
        foreach (var (import, urn) in imports)
        {
            if (!existing.Add(urn))
            {
                throw new GoalException($"{urn} is in the state already. Give what is imported another name, or take that one out with \"state delete\".");
            }

            if (import.Parent.Length > 0 && keeper.FindOld(import.Parent) is null && imports.TrueForAll(other => other.Urn != import.Parent))
            {
                throw new GoalException($"The parent {import.Parent} of {urn} is neither in the state nor imported with it.");
            }

            if (import.Provider.Length > 0 && keeper.FindOld(import.Provider) is null)
            {
                throw new GoalException($"The provider {import.Provider} of {urn} is not in the state. Have the program register it and run an update first.");
            }
        }

        var root = await StackAsync();
        foreach (var (import, urn) in imports)
        {
            Start(import, urn);
        }

        try
        {
            await Task.WhenAll(_importing.Values);
        }
        catch (Exception exception) when (exception is StepFailedException or RunClosedException)
        {
            // Told already.
        }

        void Start(ImportRequest import, string urn)
        {
            if (!_importing.ContainsKey(urn))
            {
                if (imports.FirstOrDefault(other => other.Urn == import.Parent) is { Import: { } parent } found)
                {
                    Start(parent, found.Urn);
                }

                _importing[urn] = ImportAsync(import, urn, import.Parent.Length > 0 ? import.Parent : root);
            }
        }
    }

    private string UrnOf(ImportRequest import) => Urn.Create(
        run.Request.Stack, run.Request.Project.Name, import.Parent.Length == 0 ? null : Urn.Parse(import.Parent), import.Type, import.Name).ToString();

    private async Task<string> StackAsync()
    {
        if (keeper.Old.FirstOrDefault(entry => entry.State.Type == Urn.StackType && !entry.State.Delete) is { } known)
        {
            return known.State.Urn;
        }

        (stack.Urn, _) = await registrar.RegisterAsync(new ResourceGoal
        {
            Type = Urn.StackType,
            Name = $"{run.Request.Project.Name}-{run.Request.Stack}",
            Custom = false,
            Inputs = PropertyMap.Empty,
            Package = new PackageRequest(BuiltinProvider.Package, string.Empty, string.Empty),
        });
        return stack.Urn;
    }

    private async Task ImportAsync(ImportRequest import, string urn, string parent)
    {
        if (_importing.TryGetValue(parent, out var first))
        {
            await first;
        }

        var goal = new ResourceGoal
        {
            Type = import.Type,
            Name = import.Name,
            Parent = parent,
            Custom = !import.Component,
            Inputs = PropertyMap.Empty,
            Protect = import.Protect,
            Package = new PackageRequest(Urn.PackageOf(import.Type), import.Version, import.PluginDownloadUrl),
        };
        try
        {
            var (reference, provider) = import.Component ? (string.Empty, null) : await ProviderAsync(import, goal);
            using var slot = await run.EnterAsync();
            var next = new PlanRequest(urn, goal, reference, provider, null).Next(PropertyMap.Empty) with { Id = import.Id };
            if (provider is null)
            {
                await executor.RunAsync(new CreateStep(next, null, null, keepOldForDeletion: false)
                {
                    Plan = new StepMetadata { Operation = StepOperation.Import, Urn = urn, Type = import.Type, New = next },
                });
                return;
            }

            var entry = await executor.RunAsync(ImportStep.Of(null, next, provider, import.Properties));
            await WarnAsync(entry!.State, provider);
        }
        catch (Exception exception) when (exception is not (StepFailedException or RunClosedException))
        {
            run.Fail($"{import.Name} ({import.Type}): {exception.Message}", urn);
            throw new StepFailedException();
        }
    }

    /// <summary>A provider in the state is used as it is; a default one that is not there is registered.</summary>
    private async Task<(string Reference, IPackageProvider Provider)> ProviderAsync(ImportRequest import, ResourceGoal goal)
    {
        var urn = import.Provider.Length > 0 ? import.Provider : Urn.Create(
            run.Request.Stack, run.Request.Project.Name, null, Urn.ProviderType(goal.Package.Name), ProviderInputs.DefaultName(goal.Package)).ToString();
        if (keeper.FindOld(urn) is not { } known)
        {
            return await registrar.Providers.ForAsync(goal, run.Kill);
        }

        var reference = new ProviderReference(urn, known.State.Id).ToString();
        return (reference, await registry.GetAsync(reference, run.Kill));
    }

    /// <summary>Inputs that were read but would not be accepted stop no import; the program will have to say them otherwise.</summary>
    private async Task WarnAsync(ResourceState imported, IPackageProvider provider)
    {
        try
        {
            await provider.CheckAsync(imported.Urn, imported.Inputs, imported.Inputs, run.Kill);
        }
        catch (CheckFailedException exception)
        {
            run.Report(DiagnosticSeverity.Warning, $"It is imported, but its provider does not accept the inputs that it has now:\n{exception.Message}", imported.Urn);
        }
    }
}
