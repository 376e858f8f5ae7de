# Says that the machine can be worked with: on the serial line and in the journal, in /run/provisioner/ready, and to people
# in the room by the green light, which beats like a heart from then on.
{ pkgs, ... }:
{
  systemd.services.provisioner-ready = {
    description = "Report that SSH answers and the network is there";
    after = [ "sshd.service" "NetworkManager.service" ];
    wants = [ "sshd.service" "NetworkManager.service" ];
    wantedBy = [ "multi-user.target" ];
    path = [ pkgs.networkmanager pkgs.openssh pkgs.coreutils ];
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      RuntimeDirectory = "provisioner";
      RuntimeDirectoryPreserve = true;
      # Whatever keeps the network away may end in a minute or in a day.
      Restart = "on-failure";
      RestartSec = 10;
    };
    script = ''
      nm-online -q -t 60
      read -r uptime _ </proc/uptime
      key=$(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d ' ' -f 2)
      printf 'ready: host=%s hostkey=%s uptime=%s boot=%s\n' \
        "$(cat /proc/sys/kernel/hostname)" "$key" "$uptime" "$(cat /proc/sys/kernel/random/boot_id)" >/run/provisioner/ready
      printf '<5>provisioner %s\n' "$(cat /run/provisioner/ready)" >/dev/kmsg
      for light in /sys/class/leds/ACT /sys/class/leds/led0; do
        [ ! -w "$light/trigger" ] || echo heartbeat >"$light/trigger"
      done
    '';
  };
}
