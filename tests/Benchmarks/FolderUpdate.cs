using System.Collections.Immutable;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Projects;
using Provisioner.Engine.Secrets;

namespace Provisioner.Benchmarks;

/// <summary>An update of the stack <c>test</c> of the project in a folder, without a display. The project's configuration is in <c>config.txt</c>, a line <c>key=value</c> each.</summary>
internal static class FolderUpdate
{
    public static async Task<int> RunAsync(string folder)
    {
        var project = new Project
        {
            Name = "files",
            Directory = folder,
            Runtime = "dotnet",
            RuntimeOptions = ImmutableSortedDictionary<string, string>.Empty.Add("binary", typeof(FolderUpdate).Assembly.Location),
            Providers = [new ProviderPlugin("files", PluginFolder(folder), string.Empty)],
        };
        var host = HostEnvironment.Current with { Variable = name => name == "PULUMI_BACKEND_URL" ? $"file://{folder}" : null };
        var backend = FileBackend.Open(project, host, TimeProvider.System);
        if (!backend.Exists("test"))
        {
            backend.Create("test");
        }

        var config = (await File.ReadAllLinesAsync(Path.Combine(folder, "config.txt"))).Select(line => line.Split('=', 2))
            .ToImmutableSortedDictionary(parts => new ConfigKey(parts[0].Split(':')[0], parts[0].Split(':')[1]), parts => new ConfigValue(parts[1], false));
        using var secrets = new PassphraseSecrets(new PassphraseSource(_ => null, null));
        using var update = await backend.BeginUpdateAsync("test", null, secrets, CancellationToken.None);
        var result = await DeploymentEngine.RunAsync(
            new DeploymentRequest { Kind = DeploymentKind.Update, Preview = false, Project = project, Stack = "test", Config = config, Snapshot = update.Snapshot, Store = update },
            Tell,
            CancellationToken.None,
            CancellationToken.None);
        return result.Succeeded ? 0 : 1;
    }

    /// <summary>A folder with the plugin's binary: this assembly again.</summary>
    public static string PluginFolder(string folder)
    {
        var plugin = Path.Combine(folder, "plugin");
        Directory.CreateDirectory(plugin);
        var binary = Path.Combine(plugin, "pulumi-resource-files");
        if (!File.Exists(binary))
        {
            File.WriteAllText(binary, $"#!/bin/sh\nexec dotnet '{typeof(FolderUpdate).Assembly.Location}' provider \"$@\"\n");
            File.SetUnixFileMode(binary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return plugin;
    }

    private static void Tell(EngineEvent engineEvent)
    {
        if (engineEvent is EngineEvent.Diagnostic { Severity: DiagnosticSeverity.Error } error)
        {
            Console.Error.WriteLine(error.Message);
        }
    }
}
