# What makes this machine this machine, as far as Nix may know it: no secret, all of it ends in the world-readable store. The
# stack gives these values from its resources, as host.json beside flake.nix; in a flake one reads that file with one line:
#
#   provisioner.host = builtins.fromJSON (builtins.readFile ./host.json);
#
# Whatever is null here stays as the rest of the configuration has it, and a plain line there wins over a value from here.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  host = config.provisioner.host;

  # Stronger than the mkDefault of nixpkgs' installer profiles, weaker than a line that somebody writes in his own flake.
  value = lib.mkOverride 500;

  # The last resort: always the same for a name, and weaker than any default but the option's own.
  madeUp = builtins.substring 0 8 (builtins.hashString "sha256" config.networking.hostName);
in
{
  options.provisioner.host = {
    hostName = mkOption {
      type = types.nullOr (types.strMatching "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
      default = null;
      example = "lamp";
      description = "The machine's name, by which it answers to NAME.local. Null: as `networking.hostName` is set elsewhere.";
    };
    hostId = mkOption {
      type = types.nullOr (types.strMatching "[0-9a-f]{8}");
      default = null;
      example = "0123abcd";
      description = ''
        The id under which ZFS takes its pools, eight lowercase hexadecimal digits: the HostIdentity resource's. Null: as
        `networking.hostId` is set elsewhere, or else made from the host's name, with a warning.
      '';
    };
    pool = mkOption {
      type = types.strMatching "[A-Za-z][A-Za-z0-9_.:-]*";
      default = "zroot";
      description = "The ZFS pool with the datasets root, nix, var and home: the ZfsPool resource's name. Only for nixosModules.disk.";
    };
    bootPartition = mkOption {
      type = types.strMatching "/dev/[^[:space:]]+";
      example = "/dev/disk/by-partlabel/esp-1234567A666E";
      description = "The partition at /boot, by a name that stays: the Disk resource's. Only for nixosModules.disk, and needed there.";
    };
    country = mkOption {
      type = types.nullOr (types.strMatching "[A-Z]{2}");
      default = null;
      example = "NL";
      description = ''
        The country whose radio rules WiFi follows, two capital letters of ISO 3166. Null: what is allowed everywhere, that is
        no channels 12 and 13, and little or nothing of 5 GHz. Only for nixosModules.wifi.
      '';
    };
    timeZone = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "Europe/Amsterdam";
      description = "The machine's time zone. Null: as `time.timeZone` is set elsewhere, or else UTC.";
    };
    authorizedKeys = mkOption {
      type = types.listOf types.singleLineStr;
      default = [ ];
      description = "OpenSSH public keys that may log in as root, beside those in /root/.ssh that the identity card brings.";
    };
  };

  config = {
    networking.hostName = lib.mkIf (host.hostName != null) (value host.hostName);
    networking.hostId = if host.hostId != null then value host.hostId else lib.mkOverride 1400 madeUp;
    time.timeZone = lib.mkIf (host.timeZone != null) (value host.timeZone);
    users.users.root.openssh.authorizedKeys.keys = host.authorizedKeys;

    warnings = lib.optional (host.hostId == null && config.networking.hostId == madeUp)
      "provisioner.host.hostId is null, so networking.hostId is ${madeUp}, made from the host's name. The id of the machine's HostIdentity is another one: give it as hostId in host.json (the stack does), or set networking.hostId.";
  };
}
