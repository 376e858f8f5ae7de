using System.Net;

namespace Provisioner.Engine.Backend;

/// <summary>What the backend needs to know of the machine and the user; tests give their own.</summary>
public sealed record HostEnvironment
{
    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The user's home folder.</summary>
    public required string HomeDirectory { get; init; }

    public required string UserName { get; init; }

    public required string HostName { get; init; }

    /// <summary>This process's machine and user.</summary>
    public static HostEnvironment Current { get; } = new()
    {
        Variable = Environment.GetEnvironmentVariable,
        HomeDirectory = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        UserName = Environment.UserName,
        HostName = Dns.GetHostName(), // Environment.MachineName cuts it at the first dot.
    };

    /// <summary>Where Pulumi keeps what belongs to the user: PULUMI_HOME, or ~/.pulumi.</summary>
    public string PulumiHome => Variable("PULUMI_HOME") is { Length: > 0 } home ? Path.GetFullPath(home) : Path.Combine(HomeDirectory, ".pulumi");

    /// <summary><c>~</c> and <c>~/…</c> with the home folder in place of the tilde; other paths as they are.</summary>
    public string Expand(string path) =>
        path is "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Path.Join(HomeDirectory, path[1..]) : path;
}
