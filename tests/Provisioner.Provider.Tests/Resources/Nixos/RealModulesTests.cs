using System.Text.Json.Nodes;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Resources.NixosSystem.Configuration;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>
/// The question about a configuration, put to NixOS's own modules: small systems with one fault each, evaluated by real Nix from a
/// checkout of nixpkgs that PROVISIONER_NIXPKGS names. Skipped without one: it is too large to come with the tests.
/// </summary>
public sealed class RealModulesTests
{
    private const string OurKey = "AAAAC3NzaC1lZDI1NTE5AAAAIKE5TuEWqtPk";

    private const string Good = $$"""
        fileSystems = { "/" = { device = "zroot/root"; fsType = "zfs"; }; "/nix" = { device = "zroot/nix"; fsType = "zfs"; }; "/var" = { device = "zroot/var"; fsType = "zfs"; };
          "/home" = { device = "zroot/home"; fsType = "zfs"; }; "/boot" = { device = "/dev/disk/by-partuuid/8a4c1f5e-0000-4000-8000-000000000001"; fsType = "vfat"; }; };
        boot.loader.grub.enable = false;
        boot.loader.generic-extlinux-compatible.enable = true;
        networking.hostName = "lamp";
        networking.hostId = "dc0bd73a";
        networking.networkmanager.enable = true;
        services.openssh.enable = true;
        users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 {{OurKey}} me@home" ];
        users.users.me = { isNormalUser = true; extraGroups = [ "wheel" ]; openssh.authorizedKeys.keyFiles = [ ./key.pub ]; };
        security.sudo.wheelNeedsPassword = false;
        system.stateVersion = "24.05";
        """;

    private static readonly Login Root = new("root") { IsSeen = true, Port = 22, Interface = "wlan0", IsWifi = true, Ours = [OurKey] };

    private static readonly Login Me = Root with { User = "me" };

    /// <summary>What is added to the good one, and what is said about it then; nothing for a good one.</summary>
    private static readonly (string Name, string Fault, Login Login, string? Says)[] Systems =
    [
        ("good", "", Root, null),
        ("goodForMe", "", Me, null),
        ("sshdOff", "services.openssh.enable = lib.mkForce false;", Root, "sshd is off"),
        ("noRoot", "services.openssh.settings.PermitRootLogin = \"no\";", Root, "PermitRootLogin = \"no\""),
        ("noRootForMe", "services.openssh.settings.PermitRootLogin = \"no\";", Me, null),
        ("otherPort", "services.openssh.ports = [ 2222 ];", Root, "its sshd listens on port 2222"),
        ("listenElsewhere", "services.openssh.listenAddresses = [ { addr = \"0.0.0.0\"; port = 2200; } ];", Root, "listens on port 2200"),
        ("otherUser", "", Root with { User = "pi" }, "it has no user pi"),
        ("sudoAsks", "security.sudo.wheelNeedsPassword = lib.mkForce true;", Me, "its sudo asks me for a password"),
        ("sudoByRule", "security.sudo.wheelNeedsPassword = lib.mkForce true; security.sudo.extraRules = [ { users = [ \"me\" ]; commands = [ { command = \"ALL\"; options = [ \"NOPASSWD\" ]; } ]; } ];", Me, null),
        ("sudoRs", "security.sudo.enable = false; security.sudo-rs = { enable = true; wheelNeedsPassword = false; };", Me, null),
        ("sudoRsAsks", "security.sudo.enable = false; security.sudo-rs.enable = true;", Me, "its sudo asks me for a password"),
        ("noSudo", "security.sudo.enable = false; security.doas = { enable = true; wheelNeedsPassword = false; };", Me, "it has no sudo"),
        ("allowUsers", "services.openssh.settings.AllowUsers = [ \"you\" ];", Root, "lets in you only"),
        ("denyUsers", "services.openssh.settings.DenyUsers = [ \"root\" ];", Root, "refuses root"),
        ("allowGroups", "services.openssh.settings.AllowGroups = [ \"ssh\" ]; users.groups.ssh = { };", Me, "lets in the groups ssh only"),
        ("allowGroupsByMember", "services.openssh.settings.AllowGroups = [ \"ssh\" ]; users.groups.ssh.members = [ \"me\" ];", Me, null),
        ("methods", "services.openssh.settings.AuthenticationMethods = \"publickey,password\";", Root, "asks for more than a key"),
        ("nologin", "users.users.me.shell = pkgs.shadow;", Me, "lets nobody work"),
        ("otherKeys", "users.users.root.openssh.authorizedKeys.keys = lib.mkForce [ \"ssh-ed25519 BBBB you\" ];", Root, "has other keys for it than ours"),
        ("homeNotRead", "users.users.root.openssh.authorizedKeys.keys = lib.mkForce [ ]; services.openssh.authorizedKeysInHomedir = false;", Root with { AtHome = [OurKey] }, "does not read ~/.ssh/authorized_keys"),
        ("firewallClosed", "services.openssh.openFirewall = false;", Root, "its firewall lets nobody in on port 22"),
        ("firewallByInterface", "services.openssh.openFirewall = false; networking.firewall.interfaces.wlan0.allowedTCPPorts = [ 22 ];", Root, null),
        ("nftables", "networking.nftables.enable = true;", Root, null),
        ("nftablesClosed", "networking.nftables.enable = true; services.openssh.openFirewall = false;", Root, "its firewall lets nobody in on port 22"),
        ("noManager", "networking.networkmanager.enable = lib.mkForce false;", Root, "NetworkManager is off"),
        ("unmanaged", "networking.networkmanager.unmanaged = [ \"interface-name:wl*\" ];", Root, "leaves wlan0 alone"),
        ("iwd", "networking.networkmanager.wifi.backend = \"iwd\";", Root, null),
        // What 26.05's module does and what forcing the one option off makes of it, in an older tree: the package is taken away.
        ("noSupplicant", "systemd.packages = lib.mkForce [ ]; services.dbus.packages = lib.mkForce [ ]; networking.wireless.enable = lib.mkForce false;", Root, "NetworkManager has no supplicant"),
        ("predictable", "networking.usePredictableInterfaceNames = true;", Root, null),
        ("noHostId", "networking.hostId = lib.mkForce null;", Root, "the configuration refuses itself: ZFS requires networking.hostId to be set"),
        ("bySomeoneElse", "networking.hostName = lib.mkForce \"stove\";", Root, "the flake is for the host stove"),
        ("zfsutil", "fileSystems.\"/home\".options = [ \"zfsutil\" ];", Root, "with the option zfsutil"),
        ("throws", "services.openssh.ports = throw \"not yet\";", Root, "does not say"),
    ];

    [Fact]
    public async Task Each_fault_of_a_real_system_is_found_and_a_good_one_passes()
    {
        var nixpkgs = Environment.GetEnvironmentVariable("PROVISIONER_NIXPKGS");
        Assert.SkipUnless(nixpkgs is not null, "PROVISIONER_NIXPKGS names no checkout of nixpkgs");
        using var folder = new TemporaryFolder();
        folder.Write("key.pub", $"ssh-ed25519 {OurKey} me@home\n");
        folder.Write("facts.nix", Evaluation.Question);
        folder.Write("all.nix", $$"""
            builtins.mapAttrs (_: module: import ./facts.nix (import {{nixpkgs}}/nixos/lib/eval-config.nix { system = "aarch64-linux"; modules = [ module ]; }).config) {
            {{string.Concat(Systems.Select(system => $$"""
              {{system.Name}} = { lib, pkgs, ... }: { imports = [ { {{Good}} } { {{system.Fault}} } ]; };

              """))}}
            }
            """);

        var told = JsonNode.Parse(await Tool.RunAsync("nix-instantiate", "--store", "dummy://", "--eval", "--strict", "--json", folder["all.nix"]))!;

        var odd = Systems.Select(system => (system.Name, system.Says, Found: Comparison.Of(ConfigurationFacts.Parse(told[system.Name]!.ToJsonString()), NixosPi.Args, system.Login, null)))
            .Where(system => system.Says is null ? !system.Found.IsEmpty : system.Found is not [var only] || !only.Text.Contains(system.Says, StringComparison.Ordinal))
            .Select(system => $"{system.Name}: {(system.Found.IsEmpty ? "nothing is found" : string.Join('\n', system.Found))}");
        odd.ShouldBeEmpty();
    }
}
