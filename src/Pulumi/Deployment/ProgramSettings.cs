namespace Pulumi.Runtime;

/// <summary>What the engine tells a program by its environment.</summary>
/// <param name="Monitor">host:port of the resource monitor.</param>
/// <param name="Engine">host:port of the engine's log; may be the same.</param>
/// <param name="Project">The project's name.</param>
/// <param name="Stack">The stack's name.</param>
/// <param name="Organization">The organization's name.</param>
/// <param name="RootDirectory">The folder of Pulumi.yaml, or null when the engine does not tell.</param>
/// <param name="IsDryRun">Whether this is a preview.</param>
/// <param name="Config">The stack's configuration.</param>
internal sealed record ProgramSettings(
    string Monitor, string Engine, string Project, string Stack, string Organization, string? RootDirectory, bool IsDryRun, ConfigValues Config)
{
    /// <exception cref="RunException">A variable that is needed is missing or malformed.</exception>
    public static ProgramSettings FromEnvironment(Func<string, string?> read)
    {
        return new ProgramSettings(
            Needed("PULUMI_MONITOR"),
            Needed("PULUMI_ENGINE"),
            Needed("PULUMI_PROJECT"),
            Needed("PULUMI_STACK"),
            read("PULUMI_ORGANIZATION") is { Length: > 0 } organization ? organization : "organization",
            read("PULUMI_ROOT_DIRECTORY") is { Length: > 0 } root ? root : null,
            bool.TryParse(Needed("PULUMI_DRY_RUN"), out var isDryRun)
                ? isDryRun
                : throw new RunException("PULUMI_DRY_RUN must be true or false; the engine sets it."),
            ConfigValues.Parse(read("PULUMI_CONFIG"), read("PULUMI_CONFIG_SECRET_KEYS")));

        string Needed(string name) => read(name) is { Length: > 0 } value ? value : throw new RunException(
            $"This is a Pulumi program, and it runs under an engine only ({name} is not set). Run it with: ./provision up (or: pulumi up)");
    }
}
