using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using Provisioner.Engine.Files;

namespace Provisioner.Engine.Hosts.Building;

/// <summary>Builds a .NET program or plugin when its sources changed, and says what to run. A stamp in obj/ saves the build otherwise, which alone takes seconds.</summary>
internal sealed class DotnetProject(Action<string, bool> onActivity)
{
    /// <summary>Programs and plugins share projects; two builds at once would write the same files.</summary>
    private static readonly SemaphoreSlim OneBuild = new(1);

    /// <param name="path">A project file, or a folder with exactly one.</param>
    /// <returns>The absolute path of the built assembly.</returns>
    /// <exception cref="HostException">There is no project, or it does not build.</exception>
    public async Task<string> BuildAsync(string path, CancellationToken cancellationToken)
    {
        var project = FindProject(path);
        var stampFile = Path.Combine(Path.GetDirectoryName(project)!, "obj", "provisioner-build.json");

        // Also while another build runs: that one may be about to change this one's sources' outputs.
        await OneBuild.WaitAsync(cancellationToken);
        try
        {
            var sources = SourceFingerprint.Of(project);
            if (ReadStamp(stampFile) is { } stamp && stamp.Sources == sources && File.Exists(stamp.Target))
            {
                return stamp.Target;
            }

            var title = $"Building {Path.GetFileNameWithoutExtension(project)}";
            onActivity(title, false);
            using var otherEngines = await BuildLock.AcquireAsync(cancellationToken);
            var target = await RunBuildAsync(project, cancellationToken);
            WriteStamp(stampFile, new Stamp(sources, target));
            onActivity(title, true);
            return target;
        }
        finally
        {
            OneBuild.Release();
        }
    }

    private static string FindProject(string path)
    {
        if (File.Exists(path))
        {
            return Path.GetFullPath(path);
        }

        string[] projects = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.*proj").Order(StringComparer.Ordinal)] : [];
        return projects switch
        {
            [var only] => Path.GetFullPath(only),
            [] => throw new HostException($"There is no .NET project in {path}."),
            _ => throw new HostException($"There are several .NET projects in {path}; keep one of {string.Join(", ", projects.Select(Path.GetFileName))}."),
        };
    }

    private static async Task<string> RunBuildAsync(string project, CancellationToken cancellationToken)
    {
        // Build servers would outlive us, and one that was started with our pipes would keep them open.
        // Analyzers judge sources, and take most of a build's time; to run a program needs neither.
        var result = await Cli.Wrap("dotnet")
            .WithArguments(["build", project, "--configuration", "Release", "--nologo", "-v", "quiet", "--disable-build-servers", "-p:RunAnalyzers=false", "-t:Build", "-getProperty:TargetPath"])
            .WithWorkingDirectory(Path.GetDirectoryName(project)!)
            .WithEnvironmentVariables(ChildEnvironment.ForCommand())
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(cancellationToken);
        var target = result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? string.Empty;
        return result.ExitCode == 0 && File.Exists(target)
            ? target
            : throw new HostException($"{project} does not build; run \"dotnet build {project}\" to see all of it:\n{Tail(result.StandardOutput + result.StandardError)}");
    }

    private static string Tail(string output) =>
        string.Join('\n', output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().TakeLast(20));

    private static void WriteStamp(string file, Stamp stamp)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            AtomicFile.ReplaceLazily(FileOperations.Instance, file, JsonSerializer.SerializeToUtf8Bytes(stamp));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without it the next run builds once more, which is no reason to end this one.
        }
    }

    private static Stamp? ReadStamp(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<Stamp>(File.ReadAllText(file)) : null;
        }
        catch (JsonException)
        {
            // Cut short by a crash; a build makes it anew.
            return null;
        }
    }

    private sealed record Stamp(string Sources, string Target);
}
