# The system on the SSD.
{ lib, ... }:
{
  imports = [
    ./modules/base.nix
    ./modules/host.nix
    ./modules/wifi.nix
    ./modules/ssh.nix
    ./modules/mdns.nix
    ./modules/zfs.nix
    ./modules/caches.nix
    ./modules/mailbox.nix
    ./modules/disk.nix
    ./modules/ready.nix
  ];

  # The keys of the identity card are in /root/.ssh after the installation, where Nix cannot see them.
  users.allowNoPasswordLogin = true;

  # Before what an installer's profile has, after what a flake of one's own says.
  system.stateVersion = lib.mkOverride 500 "25.11";
}
