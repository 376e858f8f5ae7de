# vcmailbox, which asks the firmware to start from another medium once. It talks through /dev/vcio, and Raspberry Pi's own
# kernel has that device: on the mainline kernel the firmware cannot be asked.
{ lib, pkgs, ... }:
let
  # nixos-raspberrypi's package, nixpkgs' of the same sources, and nixpkgs' of the sources before those. A name that was
  # taken back is still there as an alias that throws.
  known = builtins.filter (name: pkgs ? ${name} && (builtins.tryEval (lib.isDerivation pkgs.${name})).success)
    [ "raspberrypi-utils" "raspi-utils" "libraspberrypi" ];
in
{
  environment.systemPackages = map (name: pkgs.${name}) (lib.take 1 known);
}
