using System.Collections.Immutable;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Building;

/// <summary>Nix in a container: the command line, and whether the engine can do it.</summary>
internal static class ContainerCommand
{
    /// <summary>Asks for the engine and for the machine that it runs containers on, which on a Mac is a virtual one.</summary>
    public static Script Probe(string? engine) => Script.Looking(Shell.Of(
        $"""
        engine={engine ?? string.Empty}
        if [ -z "$engine" ]; then
            for known in docker podman; do
                if command -v "$known" >/dev/null; then engine=$known; break; fi
            done
        fi
        [ -n "$engine" ] || exit 0
        echo "engine=$engine"
        command -v "$engine" >/dev/null || exit 0
        verb=version format={"{{.Server.Os}}/{{.Server.Arch}}"}
        if [ "$(basename "$engine")" = podman ]; then verb=info format={"{{.Host.OS}}/{{.Host.Arch}}"}; fi
        if answer=$("$engine" "$verb" --format "$format" 2>&1); then
            echo "server=$answer"
        else
            echo "error=$(printf %s "$answer" | tr '\n' ' ')"
        fi
        """)) with { NeedsRoot = false };

    /// <summary>What the answer means for a build.</summary>
    /// <param name="answer">What it printed.</param>
    /// <param name="target">Such as <c>aarch64-linux</c>.</param>
    /// <param name="instead">The builder that needs no Nix here or there, such as <c>prebuilt</c>.</param>
    public static (string Engine, BuilderVerdict Verdict) Read(string answer, string target, string instead)
    {
        string Of(string name) => answer.Split('\n').FirstOrDefault(line => line.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..].Trim() ?? string.Empty;
        var (engine, server, error) = (Of("engine"), Of("server"), Of("error"));
        var verdict = (engine, server, error) switch
        {
            ("", _, _) => new BuilderVerdict("Neither docker nor podman is on this machine", $"install one of them, or use another builder: local, ssh or {instead}", null),
            (_, "", "") => new BuilderVerdict($"The container engine {engine} is not on this machine", "correct containerEngine, or install it", null),
            (_, "", _) => new BuilderVerdict($"The container engine {engine} does not answer: {error}", "start it (Docker Desktop, colima start, podman machine start, systemctl start docker), and run this again", null),
            _ when !server.StartsWith("linux/", StringComparison.Ordinal) => new BuilderVerdict(
                $"The container engine {engine} runs {server} containers", "switch it to Linux containers", null),
            _ when Platform(target) == Normal(server) => new BuilderVerdict(null, null, null),
            _ => new BuilderVerdict(
                null,
                null,
                $"{engine} runs on {server}, and {target} is built in it under emulation, when it has an emulator at all: what takes minutes natively takes hours. Quicker: a Mac with Apple silicon, builder \"ssh\" with an ARM machine, or builder \"{instead}\""),
        };
        return (engine, verdict);
    }

    /// <summary>
    /// The container gets the flake on stdin and no folder of this machine; its store stays in a volume, so that the next build
    /// goes on from there.
    /// </summary>
    public static Shell Run(string engine, string image, string target, Shell script)
    {
        var platform = Platform(target);
        ImmutableArray<string> words =
        [
            engine, "run", "--rm", "--interactive", "--init", "--platform", platform,
            "--volume", $"provisioner-nix-{platform[(platform.IndexOf('/', StringComparison.Ordinal) + 1)..]}:/nix",
            image, "sh", "-c", "set -eu\n" + script.Source,
        ];
        return Shell.Of($"exec {words}\n");
    }

    private static string Platform(string target) => target.Split('-')[0] switch
    {
        "aarch64" => "linux/arm64",
        "x86_64" => "linux/amd64",
        var other => $"linux/{other}",
    };

    private static string Normal(string server) => server.Split('/') switch
    {
        [var os, "aarch64" or "arm64"] => $"{os}/arm64",
        [var os, "x86_64" or "amd64"] => $"{os}/amd64",
        _ => server,
    };
}
