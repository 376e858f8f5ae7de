# The system on the SSD.
{ lib, ... }:
let
  host = import ./modules/host.nix;
in
{
  imports = [
    ./modules/base.nix
    ./modules/wifi.nix
    ./modules/ssh.nix
    ./modules/mdns.nix
    ./modules/zfs.nix
    ./modules/caches.nix
    ./modules/disk.nix
    ./modules/ready.nix
  ];

  networking.hostName = host.hostName;

  # A pool remembers the id of the system that had it last. It is the identity's, on the card as on the SSD, so no import
  # has to be forced when the one hands over to the other.
  networking.hostId = lib.mkIf (host.hostId != null) host.hostId;

  users.users.root.openssh.authorizedKeys.keys = host.authorizedKeys;
  # The keys of the identity card are in /root/.ssh after the installation, where Nix cannot see them.
  users.allowNoPasswordLogin = true;

  time.timeZone = host.timeZone;
  system.stateVersion = "25.11";
}
