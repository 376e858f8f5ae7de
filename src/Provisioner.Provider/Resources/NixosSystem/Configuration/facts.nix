# What a NixOS configuration says about itself, as far as the provider compares it: `nix eval … --apply` gets this function
# and prints what it returns as JSON. It has to go with every release of NixOS and with flakes that are no NixOS at all, so
# nothing is taken for granted: what is missing, or cannot be evaluated, is null, which means "not known".
config:
let
  # The value in full, or null where it throws. What is not there is caught by `or null` at its place.
  known = value:
    let full = builtins.tryEval (builtins.deepSeq value value);
    in if full.success then full.value else null;

  # The same for what is looked into later: a user has packages in it, and each of those all that it is made of.
  shallow = value: let first = builtins.tryEval value; in if first.success then first.value else null;

  # A text without its context, so that nothing is built or copied for it.
  text = value: known (
    if value == null then null
    else if builtins.isAttrs value && !(value ? outPath || value ? __toString) then null
    else if builtins.isFunction value || builtins.isList value then null
    else builtins.unsafeDiscardStringContext (toString value)
  );
  number = value: known (if builtins.isInt value then value else null);
  truth = value: known (if builtins.isBool value then value else null);
  # sshd's settings are texts in some releases and lists in others.
  texts = value: known (
    if builtins.isList value then builtins.filter (each: each != null) (map text value)
    else if builtins.isString value then builtins.filter (each: builtins.isString each && each != "") (builtins.split "[ \t\n]+" value)
    else null
  );
  numbers = value: known (if builtins.isList value then builtins.filter builtins.isInt value else null);
  each = make: value: known (if builtins.isList value then map make value else null);
  eachNamed = make: value: known (if builtins.isAttrs value then builtins.mapAttrs make value else null);
  # NixOS takes yes and no as texts and as truths.
  word = value: let plain = known value; in if builtins.isBool plain then (if plain then "yes" else "no") else text plain;
  has = needle: value: let plain = text value; in plain != null && builtins.length (builtins.split needle plain) > 1;
  orEmpty = value: if value == null then [ ] else value;

  ssh = config.services.openssh or { };
  settings = ssh.settings or { };
  firewall = config.networking.firewall or { };
  manager = config.networking.networkmanager or { };
  wireless = config.networking.wireless or { };
  # Renamed from raspberryPi.
  firmware = config.boot.loader.raspberry-pi or (config.boot.loader.raspberryPi or { });
  sudo = config.security.sudo or { };
  sudoRs = config.security.sudo-rs or { };

  ports = from: {
    ports = numbers (from.allowedTCPPorts or null);
    ranges = each (range: { from = number (range.from or null); to = number (range.to or null); }) (from.allowedTCPPortRanges or null);
  };

  rules = from: each (rule: {
    users = texts (map toString (rule.users or [ ]));
    groups = texts (map toString (rule.groups or [ ]));
    # Everything as root, and whether without a password; a rule for single commands lets nobody work as root.
    all = builtins.any (command: (command.command or command) == "ALL") (rule.commands or [ ]);
    withoutPassword = builtins.any (command: (command.command or command) == "ALL" && builtins.elem "NOPASSWD" (command.options or [ ])) (rule.commands or [ ]);
  }) (from.extraRules or null);

  # A key file beside the configuration is read as sshd's module reads it; one that would have to be built or fetched is not.
  keyFiles = user: let files = orEmpty (known (user.openssh.authorizedKeys.keyFiles or [ ])); in {
    here = builtins.filter (file: (builtins.isPath file || !builtins.hasContext (toString file)) && builtins.pathExists file) files;
    elsewhere = builtins.filter (file: !(builtins.isPath file) && builtins.hasContext (toString file)) files;
  };
  linesOf = file: builtins.filter (line: builtins.isString line && line != "") (builtins.split "\n" (builtins.unsafeDiscardStringContext (builtins.readFile file)));
  # Group membership is said on either side.
  groupsOf = name: user:
    builtins.filter (group: group != null) ([ (text (user.group or null)) ] ++ orEmpty (texts (user.extraGroups or null)))
    ++ builtins.filter (group: builtins.elem name (orEmpty (texts (config.users.groups.${group}.members or null)))) (orEmpty (known (builtins.attrNames (config.users.groups or { }))));
  # Of a package its name alone: the path is a build away.
  shellOf = user: let shell = user.shell or null; in if builtins.isAttrs (shallow shell) then text (shell.shellPath or (shell.pname or (shell.name or null))) else text shell;
  isPerson = name: user: name == "root" || (truth (user.isNormalUser or null)) == true || (orEmpty (texts (user.openssh.authorizedKeys.keys or null))) != [ ] || (orEmpty (known (user.openssh.authorizedKeys.keyFiles or [ ]))) != [ ];
  person = attribute: user:
    let
      given = text (user.name or null);
      name = if given == null then attribute else given;
      files = keyFiles user;
    in
    {
      inherit name;
      value = {
        enabled = truth (user.enable or true);
        home = text (user.home or null);
        shell = shellOf user;
        groups = groupsOf name user;
        keys = known (orEmpty (texts (user.openssh.authorizedKeys.keys or [ ])) ++ builtins.concatMap linesOf files.here);
        hasMoreKeys = files.elsewhere != [ ];
        isLocked = has "^!" (user.hashedPassword or null);
      };
    };
  people = shallow (config.users.users or null);
  packageNames = list: each (package: text (package.pname or (package.name or null))) list;
  supplicant = list: let names = packageNames list; in if names == null then null else builtins.any (name: name != null && builtins.match "wpa_supplicant.*" name != null) names;
  either = left: right: if left == true || right == true then true else if left == null && right == null then null else false;

  failed = each (one: if one.assertion or true then null else text (one.message or "an assertion without a message")) (config.assertions or null);
in
{
  hostName = text (config.networking.hostName or null);
  hostId = text (config.networking.hostId or null);
  kernel = text (config.boot.kernelPackages.kernel.version or null);
  kernelPath = text (config.boot.kernelPackages.kernel.outPath or null);
  zfsIsBroken = truth (config.boot.zfs.modulePackage.meta.broken or (config.boot.kernelPackages.zfs.meta.broken or null));
  stateVersion = text (config.system.stateVersion or null);
  fileSystems = eachNamed (_: mount: {
    device = text (mount.device or null);
    type = text (mount.fsType or null);
    options = texts (mount.options or null);
  }) (config.fileSystems or null);
  firmwarePath = if truth (firmware.enable or null) == true then text (firmware.firmwarePath or null) else null;
  failedAssertions = if failed == null then null else builtins.filter (message: message != null) failed;

  ssh = {
    enable = truth (ssh.enable or null);
    ports = numbers (ssh.ports or null);
    listenPorts = each (address: number (address.port or null)) (ssh.listenAddresses or null);
    permitRootLogin = word (settings.PermitRootLogin or (ssh.permitRootLogin or null));
    allowUsers = texts (settings.AllowUsers or null);
    denyUsers = texts (settings.DenyUsers or null);
    allowGroups = texts (settings.AllowGroups or null);
    denyGroups = texts (settings.DenyGroups or null);
    pubkeyAuthentication = word (settings.PubkeyAuthentication or null);
    authenticationMethods = texts (settings.AuthenticationMethods or null);
    usePam = truth (settings.UsePAM or null);
    authorizedKeysFiles = texts (ssh.authorizedKeysFiles or null);
    authorizedKeysCommand = text (ssh.authorizedKeysCommand or null);
    # Text that is not understood here, and may overrule all of the above.
    hasMore = has "Match|PermitRootLogin|AllowUsers|DenyUsers|AllowGroups|DenyGroups|PubkeyAuthentication|AuthenticationMethods" (ssh.extraConfig or null);
  };

  users = if people == null then null else builtins.listToAttrs (map (name: person name people.${name}) (builtins.filter (name: isPerson name people.${name}) (builtins.attrNames people)));

  sudo = {
    enable = either (truth (sudo.enable or null)) (truth (sudoRs.enable or null));
    wheelNeedsPassword = truth ((if truth (sudoRs.enable or null) == true then sudoRs else sudo).wheelNeedsPassword or null);
    rules = rules (if truth (sudoRs.enable or null) == true then sudoRs else sudo);
    hasMore = has "NOPASSWD|!authenticate" (sudo.extraConfig or null) || has "NOPASSWD|!authenticate" (sudoRs.extraConfig or null);
  };

  firewall = ports firewall // {
    enable = truth (firewall.enable or null);
    interfaces = eachNamed (_: ports) (firewall.interfaces or null);
    trusted = texts (firewall.trustedInterfaces or null);
    hasMore = has "dport|ACCEPT|accept" (firewall.extraCommands or null) || has "dport|accept" (firewall.extraInputRules or null);
    # nftables without the firewall of NixOS: rules that somebody wrote.
    hasOwnRules = truth (config.networking.nftables.enable or null) == true && truth (firewall.enable or null) == false;
  };

  network = {
    manager = truth (manager.enable or null);
    unmanaged = texts (manager.unmanaged or null);
    wifiBackend = text (manager.wifi.backend or null);
    wireless = truth (wireless.enable or null);
    hasOwnNetworks = let names = known (builtins.attrNames (wireless.networks or { })); in names != null && names != [ ];
    iwd = truth (wireless.iwd.enable or null);
    # Asked only where it decides: to name a package, Nix looks into what it is made of.
    supplicant =
      if truth (manager.enable or null) != true || truth (wireless.enable or null) == true then null
      else either (supplicant (config.systemd.packages or null)) (supplicant (config.services.dbus.packages or null));
  };
}
