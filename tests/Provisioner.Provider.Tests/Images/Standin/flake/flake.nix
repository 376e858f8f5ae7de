# A double of infra/nixos for a machine that has Nix and no nixpkgs: an image of the same layout, made by this machine's tools.
{
  outputs = _: {
    nixosConfigurations.bootstrap.config.system.build.sdImage = derivation {
      name = "standin-sd-image";
      system = "x86_64-linux";
      builder = "/bin/sh";
      args = [ ./build ];
      makeImage = ./make-image;
      without = builtins.readFile ./without;
      # What makes it another build than the last test's, so that it is really built.
      stamp = builtins.readFile ./stamp;
      PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
    };
  };
}
