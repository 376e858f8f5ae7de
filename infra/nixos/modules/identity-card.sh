# The start of the unit identity-card. All of it is asked of the kernel and of the disk, nothing of udev: what udev knows is
# cleared when a systemd initrd hands over, and comes back at some later time. What cannot be looked at is a failure.
set -euo pipefail

# The number of the device that a file system lies on, whatever name it was mounted by (a label, /dev/root). A file system in
# memory, or one over another, has no device: then the one with the Nix store or the firmware tells.
device=
for place in / /nix/.ro-store /nix/store /nix /boot/firmware; do
  number=$(findmnt --noheadings --raw --output MAJ:MIN --mountpoint "$place" | tail -n 1) || continue
  case $number in
    0:*) ;;
    *) device=/sys/dev/block/$number; break ;;
  esac
done
[ -n "$device" ] || { echo 'this system lies on no disk that could have an identity card' >&2; exit 1; }

# A partition's folder lies in its disk's.
device=$(readlink -e "$device") || { echo "the kernel does not tell of $device, on which this system lies" >&2; exit 1; }
[ ! -e "$device/partition" ] || device=$(dirname "$device")
disk=/dev/$(sed -n 's/^DEVNAME=//p' "$device/uevent")

table=$(sfdisk --dump "$disk")
read -r start size <<<"$(sed -n 's/.* start= *\([0-9]*\), size= *\([0-9]*\), type=da\>.*/\1 \2/p' <<<"$table" | sed 1q)"
# A card without an identity, or with one that was erased after the installation, is no failure.
[ -n "$start" ] || { echo "no identity card on $disk"; exit 0; }
[ "$(dd if="$disk" bs=1 skip=$((start * 512 + 257)) count=5 status=none | tr -d '\0')" = ustar ] || { echo "the identity card on $disk holds no archive"; exit 0; }

# NixOS links some of these into its store; the archive's files take the links' place until the next boot. What follows the archive's end is read too: dd does not like to be left.
dd if="$disk" bs=512 skip="$start" count="$size" status=none |
  { tar -x -f - -C / --numeric-owner --same-permissions --no-overwrite-dir; cat >/dev/null; }
[ ! -s /etc/hostname ] || tr -d '\n' </etc/hostname >/proc/sys/kernel/hostname
echo "took the identity of $(cat /proc/sys/kernel/hostname) from $disk"
