# What makes the system on the card one machine's: a tar archive in a partition of its own (entry 3 of the card's partition
# table, type da, in front of the firmware partition), written when the card is written. It brings the SSH host key, the
# host's name and id, the keys that may log in, and WiFi profiles.
{ pkgs, ... }:
{
  systemd.services.identity-card = {
    description = "Take over the identity that was written onto the card";
    unitConfig.DefaultDependencies = false;
    after = [ "local-fs.target" "systemd-tmpfiles-setup.service" ];
    requires = [ "local-fs.target" ];
    before = [
      "sshd.service"
      "sshd-keygen.service"
      "NetworkManager.service"
      "avahi-daemon.service"
      "zfs-import.target"
      "shutdown.target"
    ];
    conflicts = [ "shutdown.target" ];
    wantedBy = [ "multi-user.target" ];
    path = [ pkgs.util-linux pkgs.coreutils pkgs.gnutar pkgs.gnugrep ];
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
    };
    # A card without an identity, or with one that was erased after the installation, is no failure.
    script = ''
      set -euo pipefail
      root=$(findmnt -nro SOURCE /)
      disk=$(lsblk -nro PKNAME "$root" | head -n 1)
      # util-linux writes the type with or without 0x.
      card=$(lsblk -nro PATH,PARTTYPE "/dev/$disk" | grep -E ' (0x)?da$' | head -n 1 | cut -d ' ' -f 1) || true
      [ -n "$card" ] || { echo "no identity card on /dev/$disk"; exit 0; }
      [ "$(dd if="$card" bs=1 skip=257 count=5 status=none)" = ustar ] || { echo "$card holds no archive"; exit 0; }
      # NixOS links some of these into its store; the archive's files take the links' place until the next boot.
      tar -x -f "$card" -C / --numeric-owner --same-permissions --no-overwrite-dir --unlink-first
      [ ! -s /etc/hostname ] || tr -d '\n' </etc/hostname >/proc/sys/kernel/hostname
      echo "took the identity of $(cat /proc/sys/kernel/hostname) from $card"
    '';
  };
}
