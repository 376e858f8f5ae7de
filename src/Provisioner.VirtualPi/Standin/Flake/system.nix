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
    inherit networking;
    system.build.toplevel = toplevel;
    boot.kernelPackages.kernel.version = "6.12";
    boot.zfs.modulePackage = { version = "2.3"; meta.broken = false; };
    fileSystems."/".device = "${pool}/root";
    fileSystems."/boot".device = bootPartition;
    boot.supportedFilesystems = [ "vfat" "zfs" ];
    nixpkgs.hostPlatform.system = "x86_64-linux";
  };
}
