# The system on the card: it joins the WiFi, answers over SSH with the key that the identity card brings, and can make ZFS
# pools. Nothing in it is secret and nothing in it is about one machine, so one image serves every Pi.
{ lib, options, pkgs, ... }:
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
    ./modules/identity-card.nix
    ./modules/ready.nix
  ];

  config = lib.mkMerge [
    {
      # The identity card's take the place of both while it runs.
      provisioner.host.hostName = lib.mkDefault "bootstrap";
      provisioner.host.hostId = lib.mkDefault "b0075ca4";

      # Keys come with the identity card; until then nobody can log in, and that is right.
      users.allowNoPasswordLogin = true;

      # What an installation needs. Every file system more is hundreds of megabytes of tools.
      boot.supportedFilesystems = lib.mkForce [ "vfat" "ext4" "zfs" ];
      boot.swraid.enable = lib.mkForce false;
      environment.systemPackages = [ pkgs.gptfdisk pkgs.dosfstools pkgs.e2fsprogs pkgs.jq pkgs.git ];

      # Up to NixOS 25.11 an installer's profile turns the supplicant on beside NetworkManager, which then refuses; from 26.05 on
      # NetworkManager itself does, with more weight than this.
      networking.wireless.enable = lib.mkOverride 500 false;

      # Tools for remote installation take a system with this mark for one that may be installed from.
      system.nixos.variant_id = lib.mkDefault "installer";

      # Before what an installer's profile has, after what a flake of one's own says.
      system.stateVersion = lib.mkOverride 500 "25.11";
    }
    (lib.optionalAttrs (options ? sdImage) {
      # The lint and the card writer read compressed images as streams; a mostly empty image travels small.
      sdImage.compressImage = true;
    })
  ];
}
