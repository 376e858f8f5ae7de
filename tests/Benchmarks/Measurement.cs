using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;

namespace Provisioner.Benchmarks;

/// <summary>One size: creations without a store, then the previews that find nothing to do. Engine time is this process's processor time; program and provider have processes of their own.</summary>
internal static class Measurement
{
    public static async Task<int> RunAsync(int size)
    {
        var folder = Directory.CreateTempSubdirectory("benchmark-").FullName;
        try
        {
            var request = Request(folder, size);
            var (created, creation) = await MeasureAsync(request);
            var (planned, first) = await MeasureAsync(request with { Preview = true, Snapshot = created.Snapshot });
            var (_, second) = await MeasureAsync(request with { Preview = true, Snapshot = created.Snapshot });
            if (planned.HasChanges || planned.Changes[StepOperation.Same] != size + 1)
            {
                throw new InvalidOperationException("The preview was to find nothing.");
            }

            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{size,9} {creation.Wall.TotalSeconds,9:0.00} {creation.Engine.TotalSeconds,9:0.00} {first.Wall.TotalSeconds,10:0.00} {first.Engine.TotalSeconds,10:0.00} {second.Engine.TotalSeconds,12:0.00} {second.Engine.TotalMilliseconds / size,11:0.00} {process.PeakWorkingSet64 / 1048576.0,9:0}"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(DeploymentResult Result, Times Times)> MeasureAsync(DeploymentRequest request)
    {
        using var process = Process.GetCurrentProcess();
        var (wall, engine) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        var errors = new List<string>();
        var result = await DeploymentEngine.RunAsync(request, engineEvent => Note(engineEvent, errors), CancellationToken.None, CancellationToken.None);
        process.Refresh();
        return result.Succeeded ? (result, new Times(wall.Elapsed, process.TotalProcessorTime - engine)) : throw new InvalidOperationException(string.Join('\n', errors));
    }

    private static void Note(EngineEvent engineEvent, List<string> errors)
    {
        if (engineEvent is EngineEvent.Diagnostic { Severity: DiagnosticSeverity.Error } error)
        {
            errors.Add(error.Message);
        }
    }

    private static DeploymentRequest Request(string folder, int size) => new()
    {
        Kind = DeploymentKind.Update,
        Preview = false,
        Project = new Project
        {
            Name = "files",
            Directory = folder,
            Runtime = "dotnet",
            RuntimeOptions = ImmutableSortedDictionary<string, string>.Empty.Add("binary", typeof(Measurement).Assembly.Location),
            Providers = [new ProviderPlugin("files", FolderUpdate.PluginFolder(folder), string.Empty)],
        },
        Stack = "test",
        Config = ImmutableSortedDictionary<ConfigKey, ConfigValue>.Empty
            .Add(new ConfigKey("files", "count"), new ConfigValue(size.ToString(CultureInfo.InvariantCulture), false))
            .Add(new ConfigKey("files", "generation"), new ConfigValue("1", false)),
        Snapshot = Snapshot.Empty,
    };

    private sealed record Times(TimeSpan Wall, TimeSpan Engine);
}
