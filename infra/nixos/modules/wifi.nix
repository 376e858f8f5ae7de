# WiFi through NetworkManager. Which network, and with which password, is in no file here: the identity card and the
# WifiProfile resource bring profiles to /etc/NetworkManager/system-connections.
{ config, lib, pkgs, ... }:
let
  inherit (config.provisioner.host) country;
in
{
  imports = [ ./host.nix ];

  networking.networkmanager = {
    enable = true;
    # The VPN plugins pull in GTK, which is rebuilt for hours on the vendor's package set.
    plugins = lib.mkForce [ ];
    wifi.powersave = false;
    # A new address at every scan would be a new lease at the router.
    wifi.scanRandMacAddress = false;
  };

  # networking.wireless stays as it is. Up to NixOS 25.11 NetworkManager starts the supplicant by D-Bus without it; from
  # 26.05 on it is this very option that brings the supplicant, and forcing it off, as many configurations do, builds a
  # system that never joins anything.

  # An image builder leaves out what a boot does not need, and a boot needs no WiFi.
  boot.kernelModules = [ "brcmfmac" ];
  hardware.enableRedistributableFirmware = true;

  # Without a country the radio keeps to what is allowed everywhere, and does not see channels 12 and 13 nor most of 5 GHz.
  hardware.wirelessRegulatoryDatabase = true;
  boot.extraModprobeConfig = lib.mkIf (country != null) "options cfg80211 ieee80211_regdom=${country}";

  # When memory runs out, the kernel ends something that can be begun again.
  systemd.services.NetworkManager.serviceConfig.OOMScoreAdjust = -900;
  systemd.services.wpa_supplicant = lib.mkIf (config.networking.networkmanager.wifi.backend == "wpa_supplicant") {
    serviceConfig.OOMScoreAdjust = -900;
  };

  # No boot waits for the network: nobody is there to see it wait.
  systemd.services.NetworkManager-wait-online.enable = false;

  # NetworkManager takes any failure in the 4-way handshake for a wrong password, asks for another one, finds nobody to ask
  # ("no-secrets"), and never tries that profile again by itself: one lost frame, and the machine is offline until the next
  # boot. Seen with NetworkManager 1.52.
  systemd.services.wifi-retry = {
    description = "Join the WiFi again after NetworkManager has given up";
    after = [ "NetworkManager.service" ];
    path = [ pkgs.networkmanager pkgs.gnugrep pkgs.coreutils ];
    serviceConfig.Type = "oneshot";
    script = ''
      nmcli -t -f TYPE,STATE device | grep -qx 'wifi:disconnected' || exit 0
      nmcli -t -f AUTOCONNECT-PRIORITY,UUID,TYPE,AUTOCONNECT connection show | sort -t: -k1,1nr |
        while IFS=: read -r _ uuid type autoconnect; do
          [ "$type:$autoconnect" = 802-11-wireless:yes ] || continue
          if nmcli --wait 60 connection up uuid "$uuid" </dev/null; then break; fi
        done
    '';
  };
  systemd.timers.wifi-retry = {
    description = "Look every half minute whether the WiFi is joined";
    wantedBy = [ "timers.target" ];
    timerConfig = {
      OnBootSec = 60;
      OnUnitInactiveSec = 30;
      AccuracySec = "1s";
    };
  };
}
