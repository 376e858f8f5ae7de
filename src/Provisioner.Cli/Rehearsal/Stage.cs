using Newtonsoft.Json.Linq;
using Provisioner.Engine.Backend;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Rehearsal;

/// <summary>What all proofs share: who types, the machine, who looks at it past everything, and the stack's files.</summary>
internal sealed class Stage(Typist typist, PiMachine machine, string stack, RehearsalFiles files)
{
    /// <summary>The option that names another configuration.</summary>
    public const string ConfigFile = "--config-file";

    public PiMachine Machine => machine;

    public RehearsalFiles Files => files;

    public string Stack => stack;

    /// <summary>All that the commands have printed.</summary>
    public string Everything => typist.Everything;

    public Onlooker Onlooker { get; } = new(machine);

    /// <summary>Types a command that works on the stack, with the rehearsal's configuration unless another is named.</summary>
    public Task<Typed> TypeAsync(CancellationToken stop, params string[] arguments) => TypeAsync(string.Empty, stop, arguments);

    /// <inheritdoc cref="TypeAsync(CancellationToken, string[])"/>
    /// <param name="input">What the command reads: a secret comes this way, so that it is in no argument.</param>
    public Task<Typed> TypeAsync(string input, CancellationToken stop, params string[] arguments) =>
        typist.TypeAsync(input, stop, [.. arguments, .. arguments.Contains(ConfigFile) ? Array.Empty<string>() : [ConfigFile, files.Configuration], "--stack", stack]);

    /// <summary>Types a command as it stands.</summary>
    public Task<Typed> TypeBareAsync(CancellationToken stop, params string[] arguments) => typist.TypeAsync(stop, arguments);

    public Task<Typed> UpAsync(CancellationToken stop, params string[] more) => TypeAsync(stop, ["up", "--yes", "--skip-preview", .. more]);

    public async Task SetAsync(string key, string value, CancellationToken stop) => (await TypeAsync(stop, "config", "set", key, value)).Ended(ExitCodes.Success);

    public async Task ChangesNothingAsync(CancellationToken stop) => (await UpAsync(stop, "--expect-no-changes")).Ended(ExitCodes.Success);

    /// <summary>The path that a key of the stack's configuration names.</summary>
    public async Task<string> FileAsync(string key, CancellationToken stop) =>
        HostEnvironment.Current.Expand((await TypeAsync(stop, "config", "get", key)).Ended(ExitCodes.Success).Printed.Trim());

    /// <summary>The resources in the stack's state.</summary>
    public IEnumerable<JObject> Resources() => JObject.Parse(files.Export())["deployment"]!["resources"]?.Children<JObject>() ?? [];

    /// <summary>The outputs of the one resource of this type in the stack's state; null where there is none.</summary>
    public JObject? TryOutputs(string type) =>
        (JObject?)Resources().SingleOrDefault(resource => (string?)resource["type"] == $"provisioner:index:{type}")?["outputs"];

    /// <inheritdoc cref="TryOutputs"/>
    public JObject Outputs(string type) => TryOutputs(type)
        ?? throw new ProofFailedException($"there is no {type} in the stack's state");
}
