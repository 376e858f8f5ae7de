using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Provisioner.Engine.Hosts.Building;

namespace Provisioner.Engine.Hosts.Programs;

/// <summary>Runs the user's program, as Pulumi's language hosts do.</summary>
internal sealed class ProgramHost(DotnetProject builder)
{
    /// <summary>A program's way to say that it failed and has said why already.</summary>
    public const int ExitCodeLogged = 32;

    /// <exception cref="HostException">The runtime is not one of ours, or the program cannot be found, built or started.</exception>
    public async Task<RunningProgram> StartAsync(ProgramContext context, Action<string, bool> onLine, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(context.ProgramDirectory))
        {
            throw new HostException($"The program's folder {context.ProgramDirectory} does not exist; \"main\" in Pulumi.yaml names it.");
        }

        var delivery = ConfigDelivery.Create(ConfigJson(context));
        try
        {
            var launch = context.Project.Runtime switch
            {
                "dotnet" => await DotnetAsync(context, delivery, cancellationToken),
                "nodejs" => Node(context, delivery),
                var other => throw new HostException($"The runtime \"{other}\" in Pulumi.yaml is not one this engine runs; it runs dotnet and nodejs. For others use Pulumi's own CLI, on the same files."),
            };
            return new RunningProgram(ChildProcess.Start(launch, onLine), delivery);
        }
        catch
        {
            delivery.Dispose();
            throw;
        }
    }

    private async Task<Launch> DotnetAsync(ProgramContext context, ConfigDelivery delivery, CancellationToken cancellationToken)
    {
        var assembly = context.Project.RuntimeOptions.TryGetValue("binary", out var binary)
            ? Path.GetFullPath(Path.Combine(context.Project.Directory, binary))
            : await builder.BuildAsync(context.ProgramPath, cancellationToken);
        if (!File.Exists(assembly))
        {
            throw new HostException($"The program {assembly} does not exist; runtime.options.binary in Pulumi.yaml names it.");
        }

        var isAssembly = assembly.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        return new Launch(
            isAssembly ? "dotnet" : assembly,
            isAssembly ? [assembly] : [],
            context.ProgramDirectory,
            Variables(context).AddRange(delivery.ForDotnet()));
    }

    private static Launch Node(ProgramContext context, ConfigDelivery delivery)
    {
        var runner = Above(context.ProgramDirectory)
            .Select(folder => Path.Combine(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run", "index.js"))
            .FirstOrDefault(File.Exists)
            ?? throw new HostException($"@pulumi/pulumi is not installed for {context.ProgramDirectory}: run \"npm install\" there.");
        string[] dryRun = context.Preview ? ["--dry-run"] : [];
        return new Launch(
            "node",
            [
                .. ConfigDelivery.NodeArguments, .. NodeDefects.Arguments, runner,
                "--monitor", context.Address, "--engine", context.Address,
                "--project", context.Project.Name, "--stack", context.Stack, "--organization", ProgramContext.Organization,
                "--pwd", context.ProgramDirectory, "--root-directory", context.Project.Directory,
                "--parallel", context.Parallel.ToString(CultureInfo.InvariantCulture), .. dryRun,
                File.Exists(context.ProgramPath) ? context.ProgramPath : ".",
            ],
            context.ProgramDirectory,
            Variables(context).SetItem("PULUMI_NODEJS_TYPESCRIPT", "false").AddRange(delivery.ForNode()));
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var current = folder; current is not null; current = Path.GetDirectoryName(current))
        {
            yield return current;
        }
    }

    /// <summary>All but PULUMI_CONFIG, which has secrets in it.</summary>
    private static ImmutableDictionary<string, string> Variables(ProgramContext context) => ImmutableDictionary.CreateRange(
    [
        KeyValuePair.Create("PULUMI_MONITOR", context.Address),
        KeyValuePair.Create("PULUMI_ENGINE", context.Address),
        KeyValuePair.Create("PULUMI_PROJECT", context.Project.Name),
        KeyValuePair.Create("PULUMI_STACK", context.Stack),
        KeyValuePair.Create("PULUMI_ORGANIZATION", ProgramContext.Organization),
        KeyValuePair.Create("PULUMI_ROOT_DIRECTORY", context.Project.Directory),
        KeyValuePair.Create("PULUMI_PWD", context.ProgramDirectory),
        KeyValuePair.Create("PULUMI_DRY_RUN", context.Preview ? "true" : "false"),
        KeyValuePair.Create("PULUMI_QUERY_MODE", "false"),
        KeyValuePair.Create("PULUMI_PARALLEL", context.Parallel.ToString(CultureInfo.InvariantCulture)),
        KeyValuePair.Create("PULUMI_TRACING", string.Empty),
        KeyValuePair.Create("PULUMI_CONFIG_SECRET_KEYS", JsonSerializer.Serialize(
            context.Config.Where(entry => entry.Value.IsSecret).Select(entry => entry.Key.ToString()))),
    ]);

    private static string ConfigJson(ProgramContext context) =>
        JsonSerializer.Serialize(context.Config.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value.Text, StringComparer.Ordinal));
}
