using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Imports;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Tests.Deployments.Support;

/// <summary>A project of its own for a test: a program on the Node SDK, providers of tests/node, a folder with the provider's things, and a state.</summary>
internal sealed class World : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("world-").FullName;

    public World()
    {
        Directory.CreateDirectory(Things);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "node_modules"), Path.Combine(ThirdPartyEnds.Folder, "node_modules"));
        File.Copy(Path.Combine(ThirdPartyEnds.Folder, "programs", "world.js"), Path.Combine(_folder, "world.js"));
    }

    /// <summary>The provider's things: NAME.json each, and calls.log.</summary>
    public string Things => Path.Combine(_folder, "things");

    public Dictionary<string, ConfigValue> Config { get; } = [];

    /// <summary>Secret parts of configuration values.</summary>
    public string[] Secrets { get; set; } = [];

    /// <summary>Providers of tests/node/providers.</summary>
    public string[] Packages { get; set; } = ["world"];

    public DeploymentOptions Options { get; set; } = new();

    /// <summary>What an import is to take over.</summary>
    public ImmutableArray<ImportRequest> Imports { get; set; } = [];

    /// <summary>Other stacks, for references to them.</summary>
    public IStackReader? Stacks { get; set; }

    /// <summary>The state as it was last saved, whole or not.</summary>
    public MemoryStore Store { get; } = new();

    public static string Urn(string name, string type = "world:index:Thing") => $"urn:pulumi:test::demo::{type}::{name}";

    public string ThingFile(string id) => Path.Combine(Things, $"{id}.json");

    public JsonObject Thing(string id) => JsonNode.Parse(File.ReadAllText(ThingFile(id)))!.AsObject();

    public Task<Run> UpAsync(string program, CancellationToken stop = default, CancellationToken kill = default) => RunAsync(DeploymentKind.Update, false, program, stop, kill);

    public Task<Run> PreviewAsync(string program) => RunAsync(DeploymentKind.Update, true, program);

    public Task<Run> RefreshAsync(bool preview = false) => RunAsync(DeploymentKind.Refresh, preview, string.Empty);

    public Task<Run> DestroyAsync(bool preview = false) => RunAsync(DeploymentKind.Destroy, preview, string.Empty);

    public Task<Run> ImportAsync(params ImportRequest[] imports)
    {
        Imports = [.. imports];
        return RunAsync(DeploymentKind.Import, false, "throw new Error('no program runs');");
    }

    /// <param name="program">JavaScript, after the imports of programs/world.js.</param>
    public async Task<Run> RunAsync(DeploymentKind kind, bool preview, string program, CancellationToken stop = default, CancellationToken kill = default)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "index.js"), "const { pulumi, Thing, Group, World, Plain } = require('./world.js');\n" + program, CancellationToken.None);
        var log = Path.Combine(Things, "calls.log");
        File.Delete(log);
        var events = new List<EngineEvent>();
        var result = await DeploymentEngine.RunAsync(Request(kind, preview), events.Add, stop, kill);
        return new Run(result, [.. events], File.Exists(log) ? [.. File.ReadAllLines(log).Select(line => JsonNode.Parse(line)!.AsObject())] : []);
    }

    public DeploymentRequest Request(DeploymentKind kind, bool preview) => new()
    {
        Kind = kind,
        Preview = preview,
        Project = new Project
        {
            Name = "demo",
            Directory = _folder,
            Runtime = "nodejs",
            Main = "index.js",
            Providers = [.. Packages.Select(package => new ProviderPlugin(package, Path.Combine(ThirdPartyEnds.Folder, "providers", package), string.Empty))],
        },
        Stack = "test",
        Config = Config.Append(KeyValuePair.Create("world:folder", new ConfigValue(Things, false)))
            .ToImmutableSortedDictionary(entry => new ConfigKey(entry.Key.Split(':')[0], entry.Key.Split(':')[1]), entry => entry.Value),
        Secrets = [.. Secrets],
        Snapshot = Store.Last,
        Store = Store,
        Stacks = Stacks,
        Imports = Imports,
        Options = Options,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>Keeps every snapshot that was saved.</summary>
internal sealed class MemoryStore : ISnapshotStore
{
    private int _saving;

    public Snapshot Last { get; set; } = Snapshot.Empty;

    public List<Snapshot> All { get; } = [];

    public Task SaveAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _saving).ShouldBe(1, "the store is never called concurrently");
        StateIntegrity.Verify(snapshot);
        Last = snapshot;
        All.Add(snapshot);
        Interlocked.Decrement(ref _saving);
        return Task.CompletedTask;
    }
}

/// <summary>What a run did.</summary>
/// <param name="Calls">The calls that the world provider got, in its order.</param>
internal sealed record Run(DeploymentResult Result, ImmutableArray<EngineEvent> Events, ImmutableArray<JsonObject> Calls)
{
    public string Errors => string.Join('\n', Events.OfType<EngineEvent.Diagnostic>().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Message));

    public IEnumerable<StepMetadata> Steps => Events.OfType<EngineEvent.StepFinished>().Select(finished => finished.Step);

    public StepMetadata Step(string name) => Steps.Single(step => step.Urn.EndsWith($"::{name}", StringComparison.Ordinal));

    public StepMetadata Step(string name, StepOperation operation) => Steps.Single(step => step.Operation == operation && step.Urn.EndsWith($"::{name}", StringComparison.Ordinal));

    /// <summary>Each call and its resource, as "Create a".</summary>
    public ImmutableArray<string> CallNames => [.. Calls.Select(call => $"{call["call"]} {call["name"]}".Trim())];

    public JsonObject Call(string text) => Calls.Single(call => $"{call["call"]} {call["name"]}".Trim() == text);

    public Run ShouldSucceed()
    {
        Errors.ShouldBe(string.Empty);
        Result.Succeeded.ShouldBeTrue(string.Join('\n', Events));
        return this;
    }

    public Run ShouldFail(string with)
    {
        Result.Succeeded.ShouldBeFalse();
        Errors.ShouldContain(with);
        return this;
    }
}
