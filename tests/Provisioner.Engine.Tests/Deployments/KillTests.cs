using System.Diagnostics;
using System.Globalization;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Files;
using Provisioner.Engine.State;
using Provisioner.Engine.Tests.State;

namespace Provisioner.Engine.Tests.Deployments;

/// <summary>An engine in a process of its own (tests/Benchmarks) that is killed in the middle of updates of 50 files: 40 that change, 10 that come and 10 that go.</summary>
public sealed class KillTests : IDisposable
{
    /// <summary>How often; 200 were passed by hand. What is the default takes less than a minute on a machine that does nothing else.</summary>
    private const string CountVariable = "ENGINE_TEST_KILLS";

    private const int Files = 50;
    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<string> _everInState = new(StringComparer.Ordinal);
    private HashSet<string> _begun = new(StringComparer.Ordinal);
    private int _adoptions;

    public void Dispose() => _folder.Dispose();

    private string Things => _folder.File("things");

    private IEnumerable<string> OnDisk => Directory.EnumerateFiles(Things, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path));

    [Fact]
    public async Task After_kill_9_at_any_moment_of_an_up_nothing_is_lost_nothing_is_there_twice_and_the_state_can_be_read()
    {
        var wanted = int.Parse(Environment.GetEnvironmentVariable(CountVariable) ?? "40", CultureInfo.InvariantCulture);
        var random = new Random(50);
        Directory.CreateDirectory(Things);
        var kills = 0;
        for (var generation = 0; kills < wanted; generation++)
        {
            generation.ShouldBeLessThan(3 * wanted, "an update mostly ends before it is killed");
            kills += await UpAsync(generation, random) ? 1 : 0;
            await CheckAsync(generation);
        }

        (await UpAsync(1000, null)).ShouldBeFalse();
        var state = await CheckAsync(1000);
        var names = Enumerable.Range(0, Files).Select(index => index % 10 == 9 ? $"file-{index}-of-1000" : $"file-{index}").Order(StringComparer.Ordinal).ToList();
        state.Order(StringComparer.Ordinal).ShouldBe(names);
        foreach (var name in names)
        {
            (await File.ReadAllTextAsync(Path.Combine(Things, $"{name}.txt"), TestContext.Current.CancellationToken)).ShouldBe("text 1000");
        }
    }

    /// <returns>Whether it was killed; null for the moment lets it end, which it must do well.</returns>
    private async Task<bool> UpAsync(int generation, Random? moment)
    {
        await File.WriteAllLinesAsync(
            _folder.File("config.txt"),
            [$"files:folder={Things}", $"files:count={Files}", string.Create(CultureInfo.InvariantCulture, $"files:generation={generation}"), "files:renames=true"],
            TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { Worker(), "up", _folder.Path }, RedirectStandardError = true };
        using var engine = Process.Start(start)!;
        var errors = engine.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var killed = moment is not null && await KilledAsync(engine, generation, moment);
        await engine.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (!killed)
        {
            engine.ExitCode.ShouldBe(0, await errors);
        }

        return killed;
    }

    /// <summary>Kills it after as many files as chance says, a little before or after, or while it starts.</summary>
    private async Task<bool> KilledAsync(Process engine, int generation, Random random)
    {
        var (after, extra) = (random.Next(-8, Files), random.Next(0, 15));
        var text = string.Create(CultureInfo.InvariantCulture, $"text {generation}");
        var begun = Stopwatch.StartNew();
        var limit = random.Next(0, 800);
        while (!engine.HasExited && (after < 0 ? begun.ElapsedMilliseconds < limit : OnDisk.Count(name => Holds(name, text)) < after))
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await Task.Delay(extra, TestContext.Current.CancellationToken);
        if (engine.HasExited)
        {
            return false;
        }

        engine.Kill();
        return true;
    }

    private bool Holds(string name, string text)
    {
        try
        {
            return File.ReadAllText(Path.Combine(Things, $"{name}.txt")) == text;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <returns>The ids of the files in the state.</returns>
    private async Task<IReadOnlyList<string>> CheckAsync(int generation)
    {
        // Its children end when its pipes close; what they were doing then may still come.
        var backend = FileBackend.Open(new BackendLocation($"file://{_folder.Path}", _folder.Path, "test"), "files", HostEnvironment.Current, TimeProvider.System, FileOperations.Instance);
        var onDisk = OnDisk.ToHashSet(StringComparer.Ordinal);
        var snapshot = backend.Exists("test")
            ? await backend.LoadAsync("test", new FakeSecrets(), TestContext.Current.CancellationToken)
            : Snapshot.Empty;
        var inState = snapshot.Resources.Where(resource => resource.Type == "files:index:File").Select(resource => resource.Id).ToList();
        var creating = Names(snapshot, PendingOperationType.Creating);
        var deleting = Names(snapshot, PendingOperationType.Deleting);

        inState.ShouldBeUnique($"twice in the state after generation {generation}");
        onDisk.Except(inState).Except(creating).ShouldBeEmpty($"exist and are not in the state after generation {generation}");
        inState.Except(OnDisk).Except(deleting).ShouldBeEmpty($"are in the state and do not exist after generation {generation}");

        // Forty of them never go: once the state has them, it keeps them.
        _everInState.Except(inState).ShouldBeEmpty($"were lost from the state in generation {generation}");
        _everInState.UnionWith(inState.Where(name => !name.Contains("-of-", StringComparison.Ordinal)));

        // Whoever is created a second time must be one whose first creation nobody knows the end of.
        var log = Path.Combine(Things, "adopted.log");
        var adopted = File.Exists(log) ? (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).Select(Name).ToList() : [];
        adopted.Skip(_adoptions).Except(_begun).ShouldBeEmpty($"were created twice in generation {generation}");
        (_adoptions, _begun) = (adopted.Count, creating);
        return inState;
    }

    private static HashSet<string> Names(Snapshot snapshot, PendingOperationType type) =>
        snapshot.PendingOperations.Where(operation => operation.Type == type).Select(operation => Name(operation.Resource.Urn)).ToHashSet(StringComparer.Ordinal);

    private static string Name(string urn) => urn[(urn.LastIndexOf(':') + 1)..];

    /// <summary>The worker's assembly: built with this one, in its own folder.</summary>
    private static string Worker() => Path.Combine(
        AppContext.BaseDirectory.Replace("Provisioner.Engine.Tests", "Benchmarks", StringComparison.Ordinal), "Provisioner.Benchmarks.dll");
}
