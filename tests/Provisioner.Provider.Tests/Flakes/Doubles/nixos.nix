# A double of NixOS' module system, for where there is no nixpkgs: imports, priorities, mkIf and mkMerge, declared options with
# their defaults and types, and the conflict of two values of one weight, as NixOS has them. It differs in that an option need
# not be declared, that text is never joined to text, and that packages are their own names.
# tests/evaluate-flake does the same with the real one.
{
  modules,
  # Options that others' modules are taken to declare, for modules that ask whether there is such a one.
  declared ? { systemd.settings = { }; boot.loader.raspberry-pi = { }; },
  # Packages that are there beside the usual, and those that are taken back.
  packages ? { raspberrypi-utils = "raspberrypi-utils"; },
}:
let
  wrapped = kind: value: builtins.isAttrs value && value._type or null == kind;
  ofType = check: { _type = "type"; inherit check; };

  lib = rec {
    mkOverride = priority: content: { _type = "override"; inherit priority content; };
    mkForce = mkOverride 50;
    mkDefault = mkOverride 1000;
    mkIf = condition: content: { _type = "if"; inherit condition content; };
    mkMerge = contents: { _type = "merge"; inherit contents; };
    mkOption = option: option // { _type = "option"; };
    optional = condition: value: if condition then [ value ] else [ ];
    optionalAttrs = condition: value: if condition then value else { };
    take = count: list: builtins.genList (builtins.elemAt list) (if builtins.length list < count then builtins.length list else count);
    isDerivation = builtins.isString;
    types = {
      str = ofType builtins.isString;
      singleLineStr = ofType (value: builtins.isString value && builtins.match "[^\n]*" value != null);
      strMatching = pattern: ofType (value: builtins.isString value && builtins.match pattern value != null);
      nullOr = type: ofType (value: value == null || type.check value);
      listOf = type: ofType (value: builtins.isList value && builtins.all type.check value);
    };
  };

  pkgs = packages // builtins.listToAttrs (map (name: { inherit name; value = name; })
    [ "util-linux" "coreutils" "gnutar" "gnugrep" "gnused" "networkmanager" "openssh" "gptfdisk" "dosfstools" "e2fsprogs" "jq" "git" ]);

  load = module:
    let
      body = if builtins.isPath module || builtins.isString module then import module else module;
      value = if builtins.isFunction body then body { inherit lib pkgs config; options = declared; } else body;
    in
    { key = if builtins.isAttrs module || builtins.isFunction module then null else toString module; inherit value; };

  # Each file once, however often it is imported.
  gather = known: pending:
    if pending == [ ] then known
    else
      let module = load (builtins.head pending); rest = builtins.tail pending;
      in
      if module.key != null && builtins.any (other: other.key == module.key) known then gather known rest
      else gather (known ++ [ module ]) ((module.value.imports or [ ]) ++ rest);

  all = map (module: module.value) (gather [ ] ([ nixpkgs ] ++ modules));

  # What nixpkgs has a value for anyway.
  nixpkgs = {
    networking.hostName = lib.mkOverride 1500 "nixos";
    networking.hostId = lib.mkOverride 1500 null;
    networking.networkmanager.wifi.backend = lib.mkOverride 1500 "wpa_supplicant";
    boot.extraModprobeConfig = lib.mkOverride 1500 "";
    warnings = [ ];
  };

  # All definitions of one value, with their weights: less is stronger.
  weigh = definition:
    if wrapped "if" definition then (if definition.condition then weigh definition.content else [ ])
    else if wrapped "merge" definition then builtins.concatMap weigh definition.contents
    else if wrapped "override" definition then map (inner: { inherit (definition) priority; inherit (inner) value; }) (weigh definition.content)
    else [ { priority = 100; value = definition; } ];

  isSet = value: builtins.isAttrs value && !(value ? _type);

  merge = path: definitions:
    let
      weighed = builtins.concatMap weigh definitions;
      strongest = builtins.foldl' (least: one: if one.priority < least then one.priority else least) 10000 weighed;
      values = map (one: one.value) (builtins.filter (one: one.priority == strongest) weighed);
      first = builtins.head values;
    in
    if values == [ ] then throw "The option `${path}' is used but not defined"
    else if builtins.all isSet values then
      builtins.mapAttrs (name: merge (if path == "" then name else "${path}.${name}")) (builtins.zipAttrsWith (_: found: found) values)
    else if builtins.all builtins.isList values then builtins.concatLists values
    else if builtins.all (value: value == first) values then first
    else throw "The option `${path}' has conflicting definition values: ${builtins.toJSON values}";

  defaults = tree: builtins.mapAttrs (_: option:
    if wrapped "option" option then (if option ? default then lib.mkOverride 1500 option.default else lib.mkMerge [ ]) else defaults option) tree;

  checked = path: tree: value: value // builtins.mapAttrs (name: option:
    let inner = if path == "" then name else "${path}.${name}"; in
    if !(wrapped "option" option) then checked inner option value.${name}
    else if option.type.check value.${name} then value.${name}
    else throw "A definition for option `${inner}' is not of the right type: ${builtins.toJSON value.${name}}") tree;

  trees = map (module: module.options) (builtins.filter (module: module ? options) all);
  definitions = map (module: module.config or (builtins.removeAttrs module [ "imports" "options" ])) all;
  config = builtins.foldl' (value: tree: checked "" tree value) (merge "" (map defaults trees ++ definitions)) trees;
in
config
