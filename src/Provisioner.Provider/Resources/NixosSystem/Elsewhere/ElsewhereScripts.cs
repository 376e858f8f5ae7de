using Provisioner.Provider.Building;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.NixosSystem.Elsewhere;

/// <summary>What runs where a system comes from, and how it gets into the device's store.</summary>
internal static class ElsewhereScripts
{
    /// <summary>Takes the flake from stdin, builds the system, and prints what <see cref="Closure"/> reads.</summary>
    public static Shell Build(NixosSystemArgs desired) => Shell.Of(
        $$"""
        {{Flake(desired)}}
        {{Caches.Find(Shell.Of($"\"$work/flake\""))}}
        what="$flake#$attribute.config.system.build.toplevel"
        {{Realise(desired)}}
        """);

    /// <summary>Takes a system that is there or comes from a substituter, and prints what <see cref="Closure"/> reads.</summary>
    public static Shell Have(NixosSystemArgs desired, string path) => Shell.Of(
        $$"""
        {{NixBuilder.WorkFolder}}
        set --
        what={{path}}
        {{Realise(desired)}}
        """);

    /// <summary>Prints the store paths that are named on stdin, packed.</summary>
    public static Shell Export { get; } = Shell.Of(
        $$"""
        {{NixBuilder.WorkFolder}}
        paths=$(cat)
        set -f
        { nix-store --export $paths || : >"$work/failed"; } | gzip -1
        [ ! -e "$work/failed" ]
        """);

    /// <summary>Prints those of the store paths on stdin that the device does not have.</summary>
    public static Shell Missing { get; } = Shell.Of($"xargs nix-store --check-validity --print-invalid");

    /// <summary>Takes packed store paths from stdin into the device's store. What has arrived before a break stays.</summary>
    public static Shell Import { get; } = Shell.Of($"gzip -d -c | nix-store --import >/dev/null");

    /// <summary>
    /// Prints the system's path and then, with their sizes, all paths that belong to it. A link keeps it from Nix's garbage
    /// collection until the next one comes for the same pool.
    /// </summary>
    private static Shell Realise(NixosSystemArgs desired) => Shell.Of(
        $$"""
        umask 022
        links="${XDG_STATE_HOME:-$HOME/.local/state}/provisioner/systems"
        mkdir -p "$links"
        link="$links/"{{desired.Key}}
        {{InstallScripts.Nix(desired)}} build "$@" "$what" --out-link "$link" --print-build-logs </dev/null >&2
        top=$(readlink -f "$link")
        [ -x "$top/bin/switch-to-configuration" ] || { echo "what is at $top is no NixOS system" >&2; exit 65; }
        nix-store --query --requisites "$top" >"$work/paths"
        xargs nix-store --query --size <"$work/paths" >"$work/sizes"
        echo "$top"
        paste -d ' ' "$work/sizes" "$work/paths"
        """);

    private static Shell Flake(NixosSystemArgs desired) => Shell.Of(
        $$"""
        {{NixBuilder.Unpack}}
        flake=path:$work/flake
        attribute={{desired.SystemPath}}
        """);
}
