using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Building;

/// <summary>Where Nix is.</summary>
internal enum NixBuilderKind
{
    /// <summary>On this machine.</summary>
    Local,

    /// <summary>In a container of this machine.</summary>
    Container,

    /// <summary>On another machine.</summary>
    Ssh,
}

/// <summary>A Nix that builds for a device: here, in a container, or on another machine. A script runs there as it would by hand.</summary>
internal sealed record NixBuilder(NixBuilderKind Kind)
{
    // A kernel under emulation; what is worth waiting for longer is not waited for here.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>A container's image that has Nix in it.</summary>
    public const string DefaultImage = "docker.io/nixos/nix:2.24.9";

    /// <summary>The other machine's address, for <see cref="NixBuilderKind.Ssh"/>.</summary>
    public string? Host { get; init; }

    /// <summary>For a container: <c>docker</c> or <c>podman</c>; null for whichever is there.</summary>
    public string? ContainerEngine { get; init; }

    /// <summary>For a container: the image that has Nix in it.</summary>
    public string ContainerImage { get; init; } = "";

    /// <summary>Settings for Nix, as in nix.conf.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What Nix builds for, such as <c>aarch64-linux</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The builder that needs none of these, to be named in an advice.</summary>
    public required string Instead { get; init; }

    /// <summary>It only hands over what is in its store: which processor it has is no matter.</summary>
    public bool IsStore { get; init; }

    /// <summary>For people: who builds.</summary>
    public string Display => Kind switch
    {
        NixBuilderKind.Ssh => $"Nix on {DeviceAddress.Parse(Host!).Display}",
        NixBuilderKind.Container => $"Nix in a container of {ContainerEngine ?? "docker or podman"}",
        _ => "Nix on this machine",
    };

    /// <summary>Has the shell find Nix where its installers put it.</summary>
    public static Shell Path { get; } = Shell.Of(
        $"""
        PATH="$PATH:/nix/var/nix/profiles/default/bin:$HOME/.nix-profile/bin"
        export PATH
        """);

    /// <summary>Makes the folder <c>$work</c>, which is gone when the script has ended.</summary>
    public static Shell WorkFolder { get; } = Shell.Of(
        $"""
        work=$(mktemp -d)
        trap 'rm -rf -- "$work"' EXIT
        trap 'exit 143' HUP INT TERM
        """);

    /// <summary>Takes the tar of a flake from stdin: it lies in <c>$work/flake</c> then.</summary>
    public static Shell Unpack { get; } = Shell.Of(
        $"""
        {WorkFolder}
        mkdir "$work/flake"
        tar -x -f - -C "$work/flake"
        """);

    private string Address => Kind == NixBuilderKind.Ssh ? Host! : "local:";

    /// <summary>The words by which a command of Nix is told the options.</summary>
    public static ImmutableArray<string> Words(ImmutableSortedDictionary<string, string> options) =>
        [.. options.SelectMany(option => new[] { "--option", option.Key, option.Value })];

    /// <summary>Whether it can build for the target, and what that costs; and itself, with the container's engine found.</summary>
    /// <exception cref="ProviderException">The other machine cannot be reached.</exception>
    public async Task<(NixBuilder Builder, BuilderVerdict Verdict)> ProbeAsync(IOperationContext context, CancellationToken cancellation)
    {
        var remote = context.Remote(Address);
        if (Kind == NixBuilderKind.Container)
        {
            var answer = await remote.RunAsync(ContainerCommand.Probe(ContainerEngine), cancellation);
            var (engine, verdict) = ContainerCommand.Read(answer.Text, Target, Instead);
            return (engine.Length > 0 ? this with { ContainerEngine = engine } : this, verdict);
        }

        var facts = BuilderFacts.Parse((await remote.RunAsync(BuilderFacts.Probe(Options), cancellation)).Text);
        return (this, IsStore && facts.Nix is not null ? new BuilderVerdict(null, null, null) : facts.For(Target, remote.Address.Display, Instead));
    }

    /// <summary>Runs a script there, in which a command of Nix is found, and shows what Nix says while it runs.</summary>
    /// <param name="text">What runs.</param>
    /// <param name="settings">Sets what the script reads, and who takes what it writes.</param>
    /// <param name="context">The devices.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProviderException">It failed, or the other machine cannot be reached.</exception>
    public async Task<ScriptResult> RunAsync(Shell text, Func<Script, Script> settings, IOperationContext context, CancellationToken cancellation)
    {
        text = Shell.Of(
            $"""
            {Path}
            {text}

            """);
        if (Kind == NixBuilderKind.Container)
        {
            var engine = ContainerEngine ?? (await ProbeAsync(context, cancellation)).Builder.ContainerEngine;
            text = ContainerCommand.Run(engine!, ContainerImage, Target, text);
        }

        var script = Script.Of(text) with { NeedsRoot = false, Changes = false, Deadline = Longest, Progress = line => context.Status($"nix: {line}") };
        return await context.Remote(Address).RunAsync(settings(script), cancellation);
    }
}
