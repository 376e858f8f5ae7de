# The disk as the Disk, ZfsPool and ZfsDataset resources lay it out: a boot partition, and a pool with four datasets whose
# mountpoints are "legacy", so that NixOS mounts them in its own order.
{ config, lib, options, ... }:
let
  inherit (config.provisioner) host;

  # nixos-raspberrypi's options for the boot loader, which it renamed in 2026. nixpkgs' own raspberryPi, gone since 25.05,
  # was another thing: it knew no "bootloader".
  loader =
    if options.boot.loader ? raspberry-pi then "raspberry-pi"
    else if options.boot.loader ? raspberryPi.bootloader then "raspberryPi"
    else null;

  dataset = name: {
    # Without zfsutil: that option is for datasets that mount themselves, and fails with legacy ones.
    device = "${host.pool}/${name}";
    fsType = "zfs";
  };
in
{
  imports = [ ./host.nix ];

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

  boot.loader = {
    # Each generation's kernel and initrd lie on the boot partition, some 60 MB together.
    generic-extlinux-compatible.configurationLimit = lib.mkDefault 4;
  } // lib.optionalAttrs (loader != null) {
    # The Pi reads firmware, U-Boot, kernel and initrd from the one FAT partition.
    ${loader} = {
      bootloader = "uboot";
      firmwarePath = "/boot";
    };
  };

  # From the USB controller to the disk, also for bridges that speak UAS.
  boot.initrd.availableKernelModules = [ "xhci_pci" "usbhid" "usb_storage" "uas" ];

  services.zfs = {
    autoScrub.enable = true;
    trim.enable = true;
  };
}
