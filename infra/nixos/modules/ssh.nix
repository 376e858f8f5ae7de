# The only way in: SSH, with keys.
{ ... }:
{
  services.openssh = {
    enable = true;
    openFirewall = true;
    # The one key that the workstation has pinned.
    hostKeys = [
      {
        path = "/etc/ssh/ssh_host_ed25519_key";
        type = "ed25519";
      }
    ];
    # The identity card's keys are in /root/.ssh.
    authorizedKeysInHomedir = true;
    settings = {
      PermitRootLogin = "prohibit-password";
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
      UseDns = false;
    };
  };

  # A busy Pi kills something else first.
  systemd.services.sshd.serviceConfig.OOMScoreAdjust = -900;
}
