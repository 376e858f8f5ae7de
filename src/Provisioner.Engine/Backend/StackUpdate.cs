using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.Backend.Locks;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Files;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Backend;

/// <summary>One operation on a stack, from its lock to its line in the history.</summary>
public sealed partial class StackUpdate : ISnapshotStore, IDisposable
{
    private const string EngineVersion = "v0.1.0";

    private readonly IFileOperations _files;
    private readonly BackendPaths _paths;
    private readonly StateFiles _states;
    private readonly string _stack;
    private readonly StateWriter _writer;
    private readonly StackLock _lock;
    private readonly HostEnvironment _host;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _start;

    internal StackUpdate(
        IFileOperations files,
        BackendPaths paths,
        StateFiles states,
        string stack,
        Snapshot snapshot,
        StateWriter writer,
        StackLock held,
        HostEnvironment host,
        TimeProvider time)
    {
        (_files, _paths, _states, _stack, _writer, _lock, _host, _time) = (files, paths, states, stack, writer, held, host, time);
        Snapshot = snapshot;
        _start = time.GetUtcNow();
    }

    /// <summary>The state to start from.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>What a person should know before it begins, such as a lock that was taken over.</summary>
    public IReadOnlyList<string> Notes => _lock.Notes;

    /// <inheritdoc/>
    /// <remarks>Stamps the manifest. A cancellation does not stop it: what was done must be kept.</remarks>
    /// <exception cref="StateFileException">The snapshot breaks a rule of state files: the state stays as it was, and what was done is written beside it.</exception>
    public Task SaveAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var stamped = snapshot with { Manifest = new Manifest(_time.GetUtcNow(), EngineVersion) };
        try
        {
            StateIntegrity.Verify(stamped);
        }
        catch (StateFileException broken)
        {
            // No engine could read it; but it may be the only record of what was done.
            var beside = _states.Keep(_stack, _writer.Write(stamped));
            throw new StateFileException($"{broken.Message} The state was left as it was; what this run has done stands in {beside}. Please report it.", broken);
        }

        _states.Replace(_stack, _writer.Write(stamped));
        return Task.CompletedTask;
    }

    /// <summary>Writes the operation into the history, and a copy of the state beside it and into the backups.</summary>
    /// <param name="config">The configuration as <see cref="StackConfig.Merge"/> gives it: secrets are ciphertext.</param>
    public void Finish(DeploymentKind kind, bool succeeded, IReadOnlyDictionary<StepOperation, int> changes, ImmutableSortedDictionary<ConfigKey, StackValue> config)
    {
        var end = _time.GetUtcNow();
        var state = _states.Plain(_stack);
        var nanoseconds = UnixNanoseconds(end);
        var entry = new JObject
        {
            // Pulumi's "import" is that of a state.
            ["kind"] = kind == DeploymentKind.Import ? "resource-import" : Word(kind.ToString()),
            ["startTime"] = _start.ToUnixTimeSeconds(),
            ["message"] = string.Empty,
            ["environment"] = new JObject { ["exec.kind"] = "embedded" },
            ["config"] = new JObject(config.Select(pair => new JProperty(pair.Key.ToString(), Config(pair.Value)))),
            ["version"] = 0,
            ["result"] = succeeded ? "succeeded" : "failed",
            ["endTime"] = end.ToUnixTimeSeconds(),
        };
        if (changes.Count > 0)
        {
            entry["resourceChanges"] = new JObject(changes.Where(change => change.Value > 0).Select(change => new JProperty(Word(change.Key.ToString()), change.Value)));
        }

        var history = Path.Combine(_paths.History(_stack), $"{_stack}-{nanoseconds}");
        _files.CreateDirectory(_paths.History(_stack));
        AtomicFile.ReplaceLazily(_files, $"{history}.history.json", Encoding.UTF8.GetBytes(entry.ToString(Formatting.None)));
        AtomicFile.ReplaceLazily(_files, $"{history}.checkpoint.json", state);
        if (_host.Variable("PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS") is not ("1" or "true"))
        {
            _files.CreateDirectory(_paths.Backups(_stack));
            AtomicFile.ReplaceLazily(_files, Path.Combine(_paths.Backups(_stack), $"{_stack}.{nanoseconds}.json"), state);
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock.Dispose();

    private static string UnixNanoseconds(DateTimeOffset time) =>
        ((time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);

    // As Pulumi's config.Value has it: secrets wrapped, scalars as text, but typed inside lists and mappings.
    private static JToken Config(StackValue value) => value is StackValue.Scalar scalar ? scalar.Text : Nested(value);

    private static JToken Nested(StackValue value) => value switch
    {
        StackValue.Scalar { Kind: ScalarKind.Text } text => text.Text,
        StackValue.Scalar { Kind: not ScalarKind.Null } scalar => new JRaw(scalar.Text),
        StackValue.Secure secure => new JObject { ["secure"] = secure.Ciphertext },
        StackValue.List list => new JArray(list.Items.Select(Nested)),
        StackValue.Map map => new JObject(map.Entries.Select(entry => new JProperty(entry.Key, Nested(entry.Value)))),
        _ => JValue.CreateNull(),
    };

    private static string Word(string name) => Capital().Replace(name, "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
