# What both systems are.
{ lib, options, ... }:
let
  # A hung machine restarts by itself; the Pi's watchdog counts 15 seconds at most.
  running = "14s";
  restarting = "5min";
  # NixOS 25.11 has systemd.settings in the place of systemd.watchdog.
  watchdog =
    if options.systemd ? settings
    then { settings.Manager = { RuntimeWatchdogSec = running; RebootWatchdogSec = restarting; }; }
    else { watchdog = { runtimeTime = running; rebootTime = restarting; }; };
in
{
  # No account has a password, and none can be set by hand: there is no keyboard, and a default is everybody's.
  users.mutableUsers = false;
  users.users.root.hashedPassword = "!";

  # A machine without a screen: what stops at a prompt is lost.
  systemd = {
    enableEmergencyMode = false;
  } // watchdog;
  boot.initrd.systemd.emergencyAccess = lib.mkDefault false;
  # And so is what waits for a hand: a kernel that panics, and a start that does not find its disk, begin again.
  boot.kernelParams = [ "panic=10" "boot.panic_on_fail" ];

  # The journal survives the reboot that one wants to know about, and does not fill the disk.
  services.journald.extraConfig = "SystemMaxUse=100M";

  documentation.enable = lib.mkDefault false;
  documentation.nixos.enable = lib.mkForce false;
}
