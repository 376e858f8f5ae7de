# What tests/evaluate-flake asks Nix: a flake's outputs called with folders as its inputs, and one question about them,
# answered as text. No network and no lock: what a flake.lock says is what the caller has to give the right folders for.
{
  # Folders: the flake, and the inputs by name. disko may be missing; so may any that the asked system does not use.
  flake,
  inputs,
  # Modules that every system gets on top.
  modules ? [ ],
}:
let
  # A folder as a flake sees it among its inputs. Its own inputs are the caller's of the same name, whoever asks.
  asFlake = folder:
    let
      path = /. + folder;
      description = import (path + "/flake.nix");
      wanted = (builtins.functionArgs description.outputs) // (description.inputs or { });
      given = builtins.mapAttrs (name: _: input (description.inputs.${name} or { }) name) (builtins.removeAttrs wanted [ "self" ]);
      source = {
        # Text: a path would be copied to the store wherever the flake is put into a string, all of nixpkgs.
        outPath = folder;
        rev = "0000000000000000000000000000000000000000";
        shortRev = "0000000";
        lastModified = 0;
        lastModifiedDate = "19700101000000";
        narHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
      };
      self = description.outputs (given // { inherit self; }) // source // {
        inputs = given;
        sourceInfo = source;
        _type = "flake";
      };
    in
    if builtins.pathExists (path + "/flake.nix") then self else source;

  input = declared: name:
    if !(inputs ? ${name}) then throw "the flake needs its input '${name}'; give its folder with --input ${name}=FOLDER"
    else if declared.flake or true then asFlake inputs.${name}
    else { outPath = inputs.${name}; };

  outputs = asFlake flake;
  lib = import (/. + inputs.nixpkgs + "/lib");

  show = builtins.toJSON;

  report = system:
    let
      inherit (system) config;
      failed = map (assertion: assertion.message) (builtins.filter (assertion: !assertion.assertion) config.assertions);
      # The system as it is built refuses at a failed assertion, with its message once more.
      path = what: derivation: if failed == [ ] then "${what}: ${derivation.drvPath}\n" else "${what}: none, assertions failed\n";
    in
    "failed assertions: ${show failed}\n"
    + "warnings: ${show config.warnings}\n"
    + path "toplevel" config.system.build.toplevel
    + (if config.system.build ? sdImage then path "sdImage" config.system.build.sdImage else "");
in
{
  systems = builtins.concatStringsSep "\n" (builtins.attrNames outputs.nixosConfigurations);

  system = { name, systemdInitrd ? false }:
    report (outputs.nixosConfigurations.${name}.extendModules {
      modules = map (file: /. + file) modules ++ (if systemdInitrd then [{ boot.initrd.systemd.enable = lib.mkForce true; }] else [ ]);
    });

  # What disko's own command would run for a disko file.
  disko = file:
    let
      scripts = import (/. + inputs.disko) { inherit lib; };
      pkgs = import (/. + inputs.nixpkgs) { system = "aarch64-linux"; };
      given = import (/. + file);
    in
    "script: ${(scripts._cliDestroyFormatMount (if builtins.isFunction given then given { inherit lib; } else given) pkgs).drvPath}\n";
}
