{
  description = "The stand-in for NixOS: a small system that boots on the virtual Pi";

  outputs = { self }:
    let
      configuration = import ./configuration.nix;
      system = changes: import ./system.nix (configuration // changes);
      faults = [ "without-sshd" "without-networkmanager" "activation-hangs" "activation-fails" "kernel-does-not-boot" "kernel-panics" ];
      faulty = fault: { name = "pi4-${fault}"; value = system { inherit fault; }; };
    in
    {
      packages.x86_64-linux = import ./packages.nix;
      nixosConfigurations = { pi4 = system { }; } // builtins.listToAttrs (map faulty faults);
    };
}
