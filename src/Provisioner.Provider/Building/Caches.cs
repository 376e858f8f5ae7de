using System.Collections.Immutable;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Building;

/// <summary>
/// The binary caches that a flake is built with. Nix passes over those that a flake names itself, unless it is told to accept
/// them, and then compiles a kernel for hours. It is told so here: a person gave us this very flake to be built and run as root, so
/// its settings are trusted no more than its code is; those of its inputs Nix never takes. A daemon takes caches from trusted users
/// only, whatever they ask for: <see cref="BuilderFacts"/> says so.
/// </summary>
internal static class Caches
{
    /// <summary>The vendor's kernels, prebuilt by the flake nixos-raspberrypi.</summary>
    public const string RaspberryPi = "https://nixos-raspberrypi.cachix.org";

    /// <summary>What signs them.</summary>
    public const string RaspberryPiKey = "nixos-raspberrypi.cachix.org-1:4iMO9LXa8BqhU+Rpg6LQKiGa2lsNh/j2oiYLNOQ5sPI=";

    /// <summary>Words for every command that evaluates or builds a flake.</summary>
    public static ImmutableArray<string> Accept { get; } = ["--option", "accept-flake-config", "true"];

    /// <summary>Sets the words of the shell to those by which a build finds the vendor's kernels, where the flake in a folder is made of nixos-raspberrypi and does not say so itself.</summary>
    /// <param name="folder">A word of shell.</param>
    public static Shell Find(Shell folder) => Shell.Of(
        $$"""
        set --
        if grep -qs nixos-raspberrypi {{folder}}/flake.nix {{folder}}/flake.lock; then
        set -- --option extra-substituters {{RaspberryPi}} --option extra-trusted-public-keys {{RaspberryPiKey}}
        fi
        """);
}
