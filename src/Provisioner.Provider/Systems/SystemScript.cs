using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Systems;

/// <summary>
/// The part of the inspection that reads NixOS systems: what runs, what the profile says, what is installed at /mnt, and what
/// the provider noted about them. Links are read as they stand: within /mnt they lead nowhere from outside.
/// </summary>
internal static class SystemScript
{
    /// <summary>Where the provider keeps its notes and the link that protects what was built from Nix's garbage collection.</summary>
    public const string Folder = "/var/lib/provisioner/system";

    /// <summary>The same on the system that is being made.</summary>
    public const string Target = "/mnt";

    /// <summary>Whether a mount point is <see cref="Target"/> or lies below it.</summary>
    public static bool IsBelowTarget(string mountPoint) => mountPoint == Target || mountPoint.StartsWith(Target + "/", StringComparison.Ordinal);

    /// <summary>Uses <c>s</c>, <c>text</c>, <c>brief</c> and <c>$p</c> of the inspection.</summary>
    public static Shell Text { get; } = Shell.Of(
        $$"""
        system() {
        s "system $2"
        d="$1/nix/var/nix/profiles"
        g=$(readlink "$d/system" 2>/dev/null) || g=
        if [ -n "$g" ]; then printf 'generation=%s\nprofile=%s\n' "$g" "$(readlink "$d/$g" 2>/dev/null)"; fi
        n=0
        for f in "$d"/system-*-link; do if [ -L "$f" ]; then n=$((n + 1)); fi; done
        printf 'generations=%s\n' "$n"
        if [ -e "$1/etc/NIXOS" ]; then echo nixos=yes; fi
        if IFS= read -r l 2>/dev/null <"$1/etc/ssh/ssh_host_ed25519_key.pub"; then printf 'host-key=%s\n' "$l"; fi
        l=$(readlink "$1/etc/hostid" 2>/dev/null) || l=
        f="$1/etc/hostid"
        case $l in /etc/static/*) f="$1$(readlink "$1/etc/static" 2>/dev/null)/${l#/etc/static/}"; l=$(readlink "$f" 2>/dev/null) || l= ;; esac
        case $l in /nix/store/*) f="$1$l" ;; esac
        if [ -r "$f" ]; then printf 'host-id=%s\n' "$(od -An -tx4 -N4 --endian=little "$f" 2>/dev/null | tr -d ' ')"; fi
        if [ -r "$1/boot/extlinux/extlinux.conf" ]; then echo extlinux=yes; fi
        if [ -r "$1/boot/config.txt" ]; then echo firmware=yes; fi
        if IFS= read -r l 2>/dev/null <"$1/var/lib/provisioner/system/made"; then printf 'made=%s\n' "$l"; fi
        }
        if [ -e "$p/nix/var/nix/profiles/system" ] || [ -e "$p/etc/NIXOS" ]; then system "$p" running; fi
        if [ -d "$p/mnt/nix" ] || [ -d "$p/mnt/etc" ]; then system "$p/mnt" target; fi
        s system-now
        if l=$(readlink "$p/run/current-system"); then printf 'running=%s\n' "$l"; fi
        if l=$(readlink "$p/run/booted-system"); then printf 'booted=%s\n' "$l"; fi
        if l=$(readlink "$p/var/lib/provisioner/system/result"); then printf 'built=%s\n' "$l"; fi
        w="$p/var/lib/provisioner/switch"
        if IFS= read -r l 2>/dev/null <"$w/armed"; then printf 'armed=%s\n' "$l"; fi
        if IFS= read -r l 2>/dev/null <"$w/going-back"; then printf 'going-back=%s\n' "$l"; fi
        if IFS= read -r l 2>/dev/null <"$w/outcome"; then printf 'outcome=%s\n' "$l"; fi
        if IFS= read -r l 2>/dev/null <"$p/var/lib/provisioner/card-retired"; then printf 'retired-card=%s\n' "$l"; fi
        if IFS= read -r l 2>/dev/null <"$p/var/lib/provisioner/card-from"; then printf 'from-card=%s\n' "$l"; fi
        s cards
        for f in "$p"/sys/block/mmcblk*/device/cid; do
        if IFS= read -r l 2>/dev/null <"$f"; then f=${f%/device/cid}; printf '%s=%s\n' "${f##*/}" "$l"; fi
        done
        s room
        brief df -Pk "$p/" "$p/nix" "$p/mnt" "$p/mnt/nix" "$p/mnt/boot" "$p/boot"
        s boot-order
        if command -v vcgencmd >/dev/null 2>&1; then brief vcgencmd bootloader_config; fi
        s system-tools
        for t in nix-env nixos-enter findmnt; do if command -v "$t" >/dev/null 2>&1; then echo "$t"; fi; done
        # Asked, not looked for: it speaks through /dev/vcio, which mainline Linux has not.
        if brief vcmailbox 0x0003008b 4 4 0 >/dev/null; then echo vcmailbox; fi
        """);
}
