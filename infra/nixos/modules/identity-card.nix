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
      "sshd.socket"
      "sshd-keygen.service"
      "NetworkManager.service"
      "avahi-daemon.service"
      "zfs-import.target"
      "shutdown.target"
    ];
    conflicts = [ "shutdown.target" ];
    wantedBy = [ "multi-user.target" ];
    path = [ pkgs.util-linux pkgs.coreutils pkgs.gnutar pkgs.gnused ];
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
    };
    script = builtins.readFile ./identity-card.sh;
  };
}
