# ZFS, on a kernel that it knows. The kernel is the vendor's for the Pi, or nixpkgs' default, which is a long-term one:
# with linuxPackages_latest OpenZFS lags behind, and nixpkgs then refuses to evaluate ("marked as broken").
{ ... }:
{
  boot.supportedFilesystems = [ "zfs" ];
  boot.initrd.supportedFilesystems = [ "zfs" ];

  # Names by id change with the USB mode that a bridge is driven in; partition ids do not.
  boot.zfs.devNodes = "/dev/disk/by-partuuid";

  # Nobody can type a passphrase.
  boot.zfs.requestEncryptionCredentials = false;

  # Both systems have the identity's host id and the pool is exported at hand-over: what needs force is somebody else's pool.
  boot.zfs.forceImportRoot = false;
  boot.zfs.forceImportAll = false;
}
