{
  disko.devices.disk.main = {
    type = "disk";
    device = "/dev/disk/by-id/usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0";
    content = {
      type = "gpt";
      partitions = {
        ESP = {
          priority = 1;
          type = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
          uuid = "6d207fac-5895-5947-9456-29b5003b1612";
          label = "esp-S49TNP0KA12345";
          start = "1M";
          size = "512M";
          content = {
            type = "filesystem";
            format = "vfat";
            mountpoint = "/boot";
            mountOptions = [ "umask=0077" ];
            extraArgs = [ "-F" "32" "-n" "BOOT" "-i" "883cd8c4" ];
          };
        };
        zfs = {
          priority = 2;
          type = "6a898cc3-1dd2-11b2-99a6-080020736631";
          uuid = "249fa39d-7000-5196-8fe0-9c22d1e32899";
          label = "zfs-S49TNP0KA12345";
          start = "513M";
          size = "15870M";
        };
      };
    };
  };
}
