# Where built packages come from. Without the second cache the Pi compiles a kernel.
{ ... }:
{
  nix.settings = {
    experimental-features = [ "nix-command" "flakes" ];
    substituters = [
      "https://cache.nixos.org"
      "https://nixos-raspberrypi.cachix.org"
      "https://nix-community.cachix.org"
    ];
    trusted-public-keys = [
      "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="
      "nixos-raspberrypi.cachix.org-1:4iMO9LXa8BqhU+Rpg6LQKiGa2lsNh/j2oiYLNOQ5sPI="
      "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs="
    ];
    trusted-users = [ "root" ];
    # A cache that is away is passed over quickly, and what it would have had is built.
    connect-timeout = 5;
    fallback = true;
  };

  # Builds are the first to go when memory runs out: they can be begun again.
  systemd.services.nix-daemon.serviceConfig.OOMScoreAdjust = 500;
}
