using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Systems;

/// <summary>
/// What the next start is led by, whichever boot loader it is. Each that NixOS writes text for names a system by its
/// <c>init=…</c>: extlinux.conf for U-Boot, cmdline.txt for the Pi's own firmware, the entries of systemd-boot, GRUB's grub.cfg.
/// </summary>
internal static class BootFiles
{
    /// <summary>
    /// Fails when boot files name a system, and none the one that is to start. Where none names any, as with a kernel that has its
    /// words inside, nothing can be said.
    /// </summary>
    /// <param name="root">Where the system lies; empty for the one that runs.</param>
    /// <param name="system">A word of shell: the store path.</param>
    public static Shell Require(string root, Shell system) => Shell.Of(
        $$"""
        b={{root + "/boot"}}
        e={{root + "/efi"}}
        p={{root + "/nix/var/nix/profiles"}}
        top={{system}}
        named() {
        for f in "$b/extlinux/extlinux.conf" "$b/firmware/extlinux/extlinux.conf" "$b/cmdline.txt" "$b/firmware/cmdline.txt" \
        "$b"/nixos/*/cmdline.txt "$b"/firmware/nixos/*/cmdline.txt "$b/grub/grub.cfg" \
        "$b"/loader/entries/*.conf "$b"/efi/loader/entries/*.conf "$e"/loader/entries/*.conf; do
        if [ -r "$f" ] && grep -qF "init=$1" "$f"; then printf '%s\n' "$f"; fi
        done
        }
        names=$(named /nix/)
        if [ -n "$names" ]; then
        is=$(named "$top/init")
        for l in "$p"/system-*-link; do
        if [ "$(readlink "$l")" = "$top" ]; then is=$is$(named "/nix/var/nix/profiles/${l##*/}/init"); fi
        done
        if [ -z "$is" ]; then
        echo "the boot files ($(printf '%s' "$names" | tr '\n' ' ')) name another system, and not $top: the next start would lead to that one; see whether the flake has the boot loader that the machine starts by" >&2; exit 65
        fi
        fi
        """);
}
