# The only way in: SSH, with keys.
{ lib, ... }:
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
      # Installer profiles set "yes" as plainly as this would be set.
      PermitRootLogin = lib.mkOverride 70 "prohibit-password";
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
      UseDns = false;
    };
  };

  # No OOMScoreAdjust: sshd keeps its listener from being killed by itself, and gives every session the value that it was
  # started with. A value of ours would be each login's and each build's that runs in one.
}
