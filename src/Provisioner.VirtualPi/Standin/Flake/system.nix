# The system as NixOS lays it out, and the options that a preflight asks for.
{ networking, pool, bootPartition, authorizedKeys, label, kernelWords, fault }:
let
  packages = import ./packages.nix;
  version = "26.05.standin";
  toplevel = derivation {
    name = "nixos-system-${networking.hostName}-${version}";
    system = "x86_64-linux";
    builder = "/bin/sh";
    PATH = "/usr/bin:/bin";
    args = [ ./build ];
    inherit version pool bootPartition label kernelWords;
    inherit (networking) hostName hostId;
    inherit (packages) usr boot;
    fault = if fault == null then "" else fault;
    authorizedKeys = builtins.concatStringsSep "\n" authorizedKeys;
    commands = ./commands;
    etc = ./etc;
  };
in
{
  config = {
    # What etc and build make of it. A fault is one of the system and not of its configuration: nothing here tells of it.
    networking = networking // {
      firewall.enable = false;
      networkmanager = { enable = true; unmanaged = [ ]; wifi.backend = "wpa_supplicant"; };
      wireless.enable = true;
    };
    services.openssh = {
      enable = true;
      ports = [ 22 ];
      listenAddresses = [ ];
      settings = { PermitRootLogin = "prohibit-password"; UsePAM = true; };
      authorizedKeysFiles = [ "%h/.ssh/authorized_keys" "/etc/ssh/authorized_keys.d/%u" ];
    };
    users.users.root = { home = "/root"; shell = "/bin/bash"; group = "root"; openssh.authorizedKeys.keys = authorizedKeys; };
    assertions = [ ];
    system.build.toplevel = toplevel;
    boot.kernelPackages.kernel.version = "6.12";
    boot.zfs.modulePackage = { version = "2.3"; meta.broken = false; };
    fileSystems =
      let dataset = name: { device = "${pool}/${name}"; fsType = "zfs"; options = [ "defaults" ]; };
      in {
        "/" = dataset "root";
        "/nix" = dataset "nix";
        "/var" = dataset "var";
        "/home" = dataset "home";
        "/boot" = { device = bootPartition; fsType = "vfat"; options = [ "umask=0077" ]; };
      };
    boot.supportedFilesystems = [ "vfat" "zfs" ];
    nixpkgs.hostPlatform.system = "x86_64-linux";
  };
}
