# What a person would change.
{
  networking.hostName = "pi4";
  networking.hostId = "8425e349";

  # Its datasets root, nix, var and home are mounted.
  pool = "zroot";

  # Mounted at /boot. A Disk resource names its boot partition after the disk's serial number.
  bootPartition = "/dev/disk/by-partlabel/esp-S49TNP0KA12345";

  # Lines for root's authorized keys; those in /root/.ssh/authorized_keys count too.
  authorizedKeys = [ ];

  # Any text: another one makes another system, which switches and boots as this one does.
  label = "1";

  # More words for the kernel, between blanks: other ones need a restart.
  kernelWords = "";

  # One of the faults that flake.nix lists, or null.
  fault = null;
}
