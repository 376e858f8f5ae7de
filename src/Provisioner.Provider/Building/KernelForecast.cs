using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Building;

/// <summary>
/// Whether a build would compile a kernel: the one thing that makes an hour or a day of some minutes. Nix knows before it builds
/// what its store and the caches have. It is asked where the build will run, for its store decides; a device is spared that,
/// and this machine's Nix asked in its place, which knows the same caches.
/// </summary>
internal static partial class KernelForecast
{
    // What takes longer in a preview fetches inputs over a slow line.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Says what would be built and what comes from a cache, of a flake on stdin.</summary>
    /// <param name="nix">The command of Nix with its options.</param>
    /// <param name="attribute">What would be built.</param>
    public static Shell Ask(Shell nix, string attribute) => Shell.Of(
        $"""
        {NixBuilder.Unpack}
        {Caches.Find(Shell.Of($"\"$work/flake\""))}
        {nix} build "$@" --dry-run --no-write-lock-file "path:$work/flake#"{attribute} </dev/null 2>&1
        """);

    /// <summary>The kernels that would be compiled; none too when that cannot be known, for a forecast ends no preview.</summary>
    /// <param name="builder">The Nix that is asked.</param>
    /// <param name="question">What <see cref="Ask"/> made.</param>
    /// <param name="flake">The tar of the flake.</param>
    /// <param name="context">The devices.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<ImmutableArray<string>> AskAsync(NixBuilder builder, Shell question, Payload flake, IOperationContext context, CancellationToken cancellation)
    {
        try
        {
            // In an emulated container the question itself would take minutes, and that it is slow there has been said.
            if (builder.Kind == NixBuilderKind.Container && (await builder.ProbeAsync(context, cancellation)).Verdict is not { Obstacle: null, Cost: null })
            {
                return [];
            }

            var told = await builder.RunAsync(question, script => script with { Stdin = flake, Deadline = Patience }, context, cancellation);
            return Read(told.Text);
        }
        catch (Exception unknown) when (unknown is ScriptFailedException or ScriptTimeoutException)
        {
            context.Debug($"whether a kernel would be compiled is not known: {unknown.Message}");
            return [];
        }
    }

    /// <summary>For people.</summary>
    /// <param name="kernel">Its name and version.</param>
    /// <param name="where">What has been asked, such as <c>Nix on this machine</c>.</param>
    public static string Sentence(string kernel, string where) =>
        $"{kernel} would be compiled, which takes an hour and more: {where} finds it neither in its store nor in a cache; name a cache that has it in the flake's nixConfig.extra-substituters, "
        + "and let nixos-raspberrypi follow no other nixpkgs than its own: its kernels are prebuilt for that one alone";

    /// <summary>The kernels among what <c>nix build --dry-run</c> says that it would build.</summary>
    public static ImmutableArray<string> Read(string dryRun)
    {
        var kernels = ImmutableArray.CreateBuilder<string>();
        var builds = false;
        foreach (var line in dryRun.Split('\n'))
        {
            builds = line.StartsWith(' ') ? builds : line.Contains("will be built", StringComparison.Ordinal);
            if (builds && Kernel().Match(line) is { Success: true } kernel)
            {
                kernels.Add(kernel.Groups[1].Value);
            }
        }

        return kernels.ToImmutable();
    }

    [GeneratedRegex(@"^\s+/\S*/[a-z0-9]{32}-(linux-(?!headers|firmware|config|pam)(?:[a-z][a-z0-9]*-)?\d+\.\d+[\w.+-]*?)\.drv$(?<!-modules\.drv)(?<!-modules-shrunk\.drv)")]
    private static partial Regex Kernel();
}
