using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.SdImage.Building;

/// <summary>
/// The one script with which every builder builds: the flake comes as a tar on stdin, the log goes to stderr, and stdout brings
/// one line, the lock file when the build made one, and the image. So a container needs no folder of ours, a machine at the
/// other end of SSH no second connection, and this machine nothing special.
/// </summary>
internal static class ImageBuild
{
    /// <summary>The exit code of a build that ended well and left no image.</summary>
    public const int NoImage = 64;

    /// <summary>What <see cref="ImageReceiver"/> looks for.</summary>
    public const string Header = "provisioner-image";

    /// <summary>The command of Nix, with the options that every use of it has.</summary>
    public static Shell Nix(ImmutableSortedDictionary<string, string> options)
    {
        ImmutableArray<string> words = ["--extra-experimental-features", "nix-command flakes", .. Caches.Accept, .. NixBuilder.Words(options)];
        return Shell.Of($"nix {words}");
    }

    /// <summary>Runs in any POSIX shell with Nix, tar and mktemp.</summary>
    public static Shell Script(string attribute, ImmutableSortedDictionary<string, string> options) => Shell.Of(
        $"""
        {NixBuilder.Unpack}
        {FlakeLock.Remember}
        {Caches.Find(Shell.Of($"\"$work/flake\""))}
        umask 022
        {Nix(options)} build "$@" --print-build-logs --out-link "$work/result" "path:$work/flake#"{attribute} </dev/null >&2
        set -- "$work"/result/sd-image/*.img*
        if [ $# -ne 1 ] || [ ! -f "$1" ]; then
            echo "the build left no single image in sd-image/" >&2
            exit {NoImage}
        fi
        lock=0
        if {FlakeLock.IsNew}; then lock=$(wc -c <"$work/flake/flake.lock"); fi
        echo {Header} $(wc -c <"$1") $lock "$(basename "$1")"
        [ $lock -eq 0 ] || cat "$work/flake/flake.lock"
        cat "$1"

        """);
}
