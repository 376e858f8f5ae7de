{
  description = "A headless Raspberry Pi 4: the card it boots from first, and the system it keeps";

  nixConfig = {
    extra-substituters = [ "https://nixos-raspberrypi.cachix.org" ];
    extra-trusted-public-keys = [ "nixos-raspberrypi.cachix.org-1:4iMO9LXa8BqhU+Rpg6LQKiGa2lsNh/j2oiYLNOQ5sPI=" ];
  };

  inputs = {
    # It brings its own nixpkgs, and its kernels are prebuilt for that one alone: let it follow no other.
    nixos-raspberrypi.url = "github:nvmd/nixos-raspberrypi/main";
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  };

  outputs = { nixos-raspberrypi, nixpkgs, ... }:
    let
      vendorPi4 = modules: nixos-raspberrypi.lib.nixosSystem {
        specialArgs = { inherit nixos-raspberrypi; };
        modules = [ nixos-raspberrypi.nixosModules.raspberry-pi-4.base ] ++ modules;
      };
    in
    {
      nixosConfigurations = {
        # The card's system on Raspberry Pi's own kernel and firmware.
        bootstrap = vendorPi4 [ nixos-raspberrypi.nixosModules.sd-image ./bootstrap.nix ];

        # The same on nixpkgs alone, with the mainline kernel.
        bootstrap-mainline = nixpkgs.lib.nixosSystem {
          system = "aarch64-linux";
          modules = [ "${nixpkgs}/nixos/modules/installer/sd-card/sd-image-aarch64.nix" ./bootstrap.nix ];
        };

        # The system on the SSD.
        pi4 = vendorPi4 [ ./pi4.nix ];
      };
    };
}
