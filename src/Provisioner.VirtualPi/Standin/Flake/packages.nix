# What cannot be built on a device: it comes ready in the store of the card's system, as it would from a binary cache.
let
  fromCard = name: derivation {
    inherit name;
    system = "x86_64-linux";
    builder = "/bin/sh";
    PATH = "/usr/bin:/bin";
    args = [
      "-c"
      ''
        from=/usr/share/nixos-standin/inputs/$name
        if [ ! -d "$from" ]; then
          echo "$name comes with the virtual Pi's card and cannot be built here: take it from the card's Nix store" >&2
          exit 1
        fi
        cp -r "$from" "$out"
      ''
    ];
  };
in
{
  # usr.squashfs: Debian's /usr, slimmed.
  usr = fromCard "nixos-standin-usr";

  # kernel, initrd, and busybox for what must run before /usr is there.
  boot = fromCard "nixos-standin-boot";
}
