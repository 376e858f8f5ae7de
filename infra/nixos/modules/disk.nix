# The disk as the Disk, ZfsPool and ZfsDataset resources lay it out: a boot partition, and a pool with four datasets whose
# mountpoints are "legacy", so that NixOS mounts them in its own order.
{ lib, ... }:
let
  host = import ./host.nix;
  dataset = name: {
    # Without zfsutil: that option is for datasets that mount themselves, and fails with legacy ones.
    device = "${host.pool}/${name}";
    fsType = "zfs";
  };
in
{
  fileSystems = {
    "/" = dataset "root";
    "/nix" = dataset "nix";
    "/var" = dataset "var" // { neededForBoot = true; };
    "/home" = dataset "home";
    "/boot" = {
      device = host.bootPartition;
      fsType = "vfat";
      options = [ "umask=0077" ];
    };
  };

  # The Pi's boot loader reads firmware, U-Boot, kernel and initrd from the one FAT partition.
  boot.loader.raspberry-pi = {
    bootloader = "uboot";
    firmwarePath = "/boot";
  };
  # Each generation's kernel and initrd lie there, some 60 MB together.
  boot.loader.generic-extlinux-compatible.configurationLimit = lib.mkDefault 4;

  # From the USB controller to the disk, also for bridges that speak UAS.
  boot.initrd.availableKernelModules = [ "xhci_pci" "usbhid" "usb_storage" "uas" ];

  services.zfs = {
    autoScrub.enable = true;
    trim.enable = true;
  };
}
