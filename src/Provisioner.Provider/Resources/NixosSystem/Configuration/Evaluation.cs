using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.NixosSystem.Configuration;

/// <summary>Has Nix say what a flake's configuration holds: one evaluation for all that is compared. It builds nothing.</summary>
internal static class Evaluation
{
    /// <summary>Where the device keeps the answer.</summary>
    public const string Answer = SystemScript.Folder + "/facts.json";

    /// <summary>The exit code of a machine that has no Nix.</summary>
    public const int NoNix = 71;

    /// <summary>The function of a configuration that Nix evaluates.</summary>
    public static readonly string Question = Read();

    /// <summary>On the device, of the flake that it was sent: the answer is kept in a file, for the job that asks outlives the connection.</summary>
    public static Shell OnDevice(NixosSystemArgs desired) => Shell.Of(
        $$"""
        d={{SystemScript.Folder}}
        flake=path:$d/flake
        rm -f {{Answer}}
        { {{Ask(desired, [])}}
        } >{{Answer + ".new"}}
        mv -f {{Answer + ".new"}} {{Answer}}
        """);

    /// <summary>Prints what <see cref="OnDevice"/> has kept.</summary>
    public static Shell Told { get; } = Shell.Of($"cat {Answer}");

    /// <summary>Where a flake comes on stdin.</summary>
    public static Shell OfStdin(NixosSystemArgs desired) => Shell.Of(
        $"""
        {NixBuilder.Unpack}
        flake=path:$work/flake
        {Ask(desired, [])}
        """);

    /// <summary>The same for a preview: it writes no lock, and builds nothing for the sake of an answer.</summary>
    public static Shell Preview(NixosSystemArgs desired) => Shell.Of(
        $$"""
        command -v nix >/dev/null || exit {{NoNix}}
        {{NixBuilder.Unpack}}
        flake=path:$work/flake
        {{Ask(desired, ["--no-write-lock-file", "--option", "allow-import-from-derivation", "false"])}}
        """);

    /// <summary>Says what would be built and what comes from a cache, of a flake on stdin.</summary>
    public static Shell Kernels(NixosSystemArgs desired) =>
        KernelForecast.Ask(InstallScripts.Nix(desired), $"{desired.SystemPath}.config.system.build.toplevel");

    private static Shell Ask(NixosSystemArgs desired, ImmutableArray<string> more) => Shell.Of(
        $$"""
        attribute={{desired.SystemPath}}
        {{InstallScripts.Nix(desired)}} eval {{more}} --json "$flake#$attribute.config" --apply {{Question}} </dev/null || {
        echo "the flake has no system $attribute that can be evaluated; see what is above" >&2
        if names=$({{InstallScripts.Nix(desired)}} eval {{more}} --raw "$flake#nixosConfigurations" --apply 'all: builtins.concatStringsSep ", " (builtins.attrNames all)' </dev/null 2>/dev/null); then
        echo "its systems are: $names" >&2
        fi
        exit 65
        }
        """);

    private static string Read()
    {
        using var stream = typeof(Evaluation).Assembly.GetManifestResourceStream("facts.nix") ?? throw new InvalidOperationException("facts.nix is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
