{
  description = "A headless Raspberry Pi 4: the card it boots from first, and the system it keeps";

  nixConfig = {
    extra-substituters = [ "https://nixos-raspberrypi.cachix.org" ];
    extra-trusted-public-keys = [ "nixos-raspberrypi.cachix.org-1:4iMO9LXa8BqhU+Rpg6LQKiGa2lsNh/j2oiYLNOQ5sPI=" ];
  };

  # Releases that fit each other: both inputs of ours are what one release of nixos-raspberrypi was made and built with. The
  # first build, on a machine with network, writes flake.lock beside this file; keep it with the flake, in git for example, and
  # every later build takes the very same. "nix flake update" after a change here makes it anew.
  inputs = {
    # It brings its own nixpkgs, and its kernels are prebuilt for that one alone: let it follow no other.
    nixos-raspberrypi.url = "github:nvmd/nixos-raspberrypi/v1.20260223.0";
    # That nixpkgs, for bootstrap-mainline: a NixOS 25.11.
    nixpkgs.follows = "nixos-raspberrypi/nixpkgs";
  };

  outputs = { nixos-raspberrypi, nixpkgs, ... }:
    let
      host = builtins.fromJSON (builtins.readFile ./host.json);

      vendorPi4 = modules: nixos-raspberrypi.lib.nixosSystem {
        specialArgs = { inherit nixos-raspberrypi; };
        modules = [ nixos-raspberrypi.nixosModules.raspberry-pi-4.base ] ++ modules;
      };

      # Of the values of one machine the card takes what holds for all of them that stand in one place.
      card = [ ./bootstrap.nix { provisioner.host = builtins.intersectAttrs { country = { }; timeZone = { }; } host; } ];
    in
    {
      nixosConfigurations = {
        # The card's system on Raspberry Pi's own kernel and firmware.
        bootstrap = vendorPi4 ([ nixos-raspberrypi.nixosModules.sd-image ] ++ card);

        # The same on nixpkgs alone, with the mainline kernel.
        bootstrap-mainline = nixpkgs.lib.nixosSystem {
          system = "aarch64-linux";
          modules = [ "${nixpkgs}/nixos/modules/installer/sd-card/sd-image-aarch64.nix" ] ++ card;
        };

        # The system on the SSD.
        pi4 = vendorPi4 [ ./pi4.nix { provisioner.host = host; } ];
      };

      # For flakes of one's own. The first two are whole systems but for the board, for which nixos-raspberrypi has modules;
      # the others are the parts of them.
      nixosModules = {
        bootstrap = ./bootstrap.nix;
        pi4 = ./pi4.nix;

        host = ./modules/host.nix;
        base = ./modules/base.nix;
        wifi = ./modules/wifi.nix;
        ssh = ./modules/ssh.nix;
        mdns = ./modules/mdns.nix;
        zfs = ./modules/zfs.nix;
        caches = ./modules/caches.nix;
        mailbox = ./modules/mailbox.nix;
        disk = ./modules/disk.nix;
        identity-card = ./modules/identity-card.nix;
        ready = ./modules/ready.nix;
      };
    };
}
