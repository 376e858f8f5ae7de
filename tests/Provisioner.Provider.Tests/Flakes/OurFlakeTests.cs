using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using Newtonsoft.Json.Linq;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Flakes.Secrets;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Flakes;

/// <summary>
/// The flake in infra/nixos, read by Nix itself. nixpkgs is out of reach here, so the modules are evaluated in a double of its
/// module system, Doubles/nixos.nix, which says where it differs; tests/evaluate-flake does it with the real one.
/// </summary>
public sealed class OurFlakeTests
{
    internal static string Folder { get; } = FindFolder();

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Folder, "*.nix", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_file_parses(string file) => (await NixAsync("--parse", Path.Combine(Folder, file))).ShouldNotBeEmpty();

    [Fact]
    public async Task The_flake_has_the_card_on_both_kernels_and_the_installed_system()
    {
        var systems = await EvaluateAsync(
            $$"""
            let
              made = arguments: { modules = map toString (builtins.filter (module: builtins.isPath module || builtins.isString module) arguments.modules); };
              outputs = (import {{Folder}}/flake.nix).outputs {
                nixos-raspberrypi = { lib.nixosSystem = made; nixosModules = { raspberry-pi-4.base = "pi4"; sd-image = "sd-image"; }; };
                nixpkgs = { outPath = "/nixpkgs"; lib.nixosSystem = made; };
              };
            in outputs.nixosConfigurations
            """);

        systems.Properties().Select(property => property.Name).ShouldBe(["bootstrap", "bootstrap-mainline", "pi4"]);
        foreach (var module in systems.Descendants().OfType<JValue>().Select(value => (string)value!).Where(text => text.StartsWith(Folder, StringComparison.Ordinal)))
        {
            File.Exists(module).ShouldBeTrue(module);
        }
    }

    [Theory]
    [InlineData("wifi", "boot.kernelModules", "[\"brcmfmac\"]")]
    [InlineData("wifi", "networking.networkmanager.plugins", "[]")]
    [InlineData("wifi", "networking.networkmanager.enable", "true")]
    [InlineData("wifi", "networking.wireless or null", "null")]
    [InlineData("wifi", "boot.extraModprobeConfig", "\"options cfg80211 ieee80211_regdom=DE\"")]
    [InlineData("wifi", "hardware.enableRedistributableFirmware", "true")]
    [InlineData("ssh", "services.openssh.settings.PasswordAuthentication", "false")]
    [InlineData("ssh", "services.openssh.settings.PermitRootLogin", "\"prohibit-password\"")]
    [InlineData("base", "users.users.root.hashedPassword", "\"!\"")]
    [InlineData("base", "boot.kernelParams", "[\"panic=10\",\"boot.panic_on_fail\"]")]
    [InlineData("zfs", "boot.initrd.supportedFilesystems", "[\"zfs\"]")]
    [InlineData("disk", "fileSystems.\"/\".device", "\"zroot/root\"")]
    [InlineData("disk", "fileSystems.\"/\".options or null", "null")]
    [InlineData("disk", "boot.loader.raspberry-pi.firmwarePath", "\"/boot\"")]
    public async Task A_module_says_what_the_machine_needs(string module, string path, string value) =>
        (await NixAsync("--eval", "--strict", "--json", "-E", $"({Module(module)}).{path}")).Trim().ShouldBe(value);

    [Fact]
    public async Task The_card_is_unpacked_before_anything_that_needs_its_files()
    {
        var unit = await EvaluateAsync($"({Module("identity-card")}).systemd.services.identity-card");

        string[] users = ["sshd.service", "sshd-keygen.service", "NetworkManager.service", "avahi-daemon.service"];
        users.ShouldBeSubsetOf(unit["before"]!.Values<string>().OfType<string>());
        ((string)unit["script"]!).ShouldContain("tar -x");
    }

    [Fact]
    public async Task Every_cache_has_its_key()
    {
        var settings = await EvaluateAsync($"({Module("caches")}).nix.settings");
        var keys = settings["trusted-public-keys"]!.Values<string>().Select(key => key!.Split(':')[0][..^2]).ToArray();

        settings["substituters"]!.Values<string>().Select(address => new Uri(address!).Host).ShouldBe(keys, ignoreOrder: true);
    }

    [Fact]
    public async Task Every_part_is_there_for_other_flakes_and_evaluates_alone()
    {
        var modules = await EvaluateAsync($"builtins.mapAttrs (_: toString) ((import {Folder}/flake.nix).outputs {{ nixpkgs = {{ }}; nixos-raspberrypi = {{ }}; }}).nixosModules");
        var parts = Directory.EnumerateFiles(Path.Combine(Folder, "modules"), "*.nix").Select(Path.GetFileNameWithoutExtension);

        modules.Properties().Select(property => property.Name).ShouldBe(["bootstrap", "pi4", .. parts], ignoreOrder: true);
        foreach (var module in modules.Properties())
        {
            File.Exists((string)module.Value!).ShouldBeTrue(module.Name);
            (await ValueAsync($"builtins.isAttrs {System(module.Value.ToString())}")).ShouldBe("true", module.Name);
        }
    }

    [Theory]
    [InlineData("{ lib, ... }: { networking.hostId = lib.mkDefault \"8425e349\"; }", "networking.hostId", "\"b0075ca4\"")]
    [InlineData("{ networking.hostId = \"01234567\"; }", "networking.hostId", "\"01234567\"")]
    [InlineData("{ lib, ... }: { services.openssh.settings.PermitRootLogin = \"yes\"; }", "services.openssh.settings.PermitRootLogin", "\"prohibit-password\"")]
    [InlineData("{ lib, ... }: { services.openssh.settings.PermitRootLogin = lib.mkForce \"no\"; }", "services.openssh.settings.PermitRootLogin", "\"no\"")]
    [InlineData("{ lib, ... }: { networking.wireless.enable = lib.mkDefault true; }", "networking.wireless.enable", "false")]
    [InlineData("{ networking.wireless.enable = true; }", "networking.wireless.enable", "true")]
    [InlineData("{ lib, ... }: { documentation.nixos.enable = lib.mkOverride 60 true; }", "documentation.nixos.enable", "false")]
    [InlineData("{ lib, ... }: { system.stateVersion = lib.mkDefault \"24.05\"; }", "system.stateVersion", "\"25.11\"")]
    [InlineData("{ system.stateVersion = \"26.05\"; }", "system.stateVersion", "\"26.05\"")]
    [InlineData("{ boot.swraid.enable = true; }", "boot.swraid.enable", "false")]
    public async Task The_card_s_system_gets_along_with_what_an_installer_s_profile_sets(string profile, string path, string value) =>
        (await ValueAsync($"{System($"{Folder}/bootstrap.nix ({profile})")}.{path}")).ShouldBe(value);

    [Fact]
    public async Task The_machine_s_values_are_the_file_s()
    {
        const string File = """{ hostName = "hall"; hostId = "0badcafe"; pool = "tank"; bootPartition = "/dev/disk/by-partlabel/ESP"; country = "NL"; timeZone = "Europe/Amsterdam"; authorizedKeys = [ "ssh-ed25519 AAAA me" ]; }""";
        var values = await EvaluateAsync(
            $$"""
            let config = {{System($"{Folder}/pi4.nix {{ provisioner.host = {File}; }}")}}; in {
              inherit (config.networking) hostName hostId;
              inherit (config.time) timeZone;
              inherit (config.boot) extraModprobeConfig;
              root = config.fileSystems."/".device;
              boot = config.fileSystems."/boot".device;
              keys = config.users.users.root.openssh.authorizedKeys.keys;
              inherit (config) warnings;
            }
            """);

        values.ToString(Newtonsoft.Json.Formatting.None).ShouldBe(
            """{"boot":"/dev/disk/by-partlabel/ESP","extraModprobeConfig":"options cfg80211 ieee80211_regdom=NL","hostId":"0badcafe","hostName":"hall","keys":["ssh-ed25519 AAAA me"],"root":"tank/root","timeZone":"Europe/Amsterdam","warnings":[]}""");
    }

    [Fact]
    public async Task A_plain_line_in_another_flake_wins_over_the_file() =>
        (await ValueAsync($"(({System($"{Folder}/modules/host.nix {{ provisioner.host = {{ hostName = \"lamp\"; hostId = \"0badcafe\"; }}; networking.hostName = \"mine\"; networking.hostId = \"01234567\"; }}")}).networking)"))
            .ShouldContain("\"hostId\":\"01234567\",\"hostName\":\"mine\"");

    [Fact]
    public async Task Without_a_host_id_it_evaluates_and_says_what_is_missing()
    {
        var config = System($"{Folder}/pi4.nix {{ provisioner.host = builtins.fromJSON (builtins.readFile {Folder}/host.json); }}");

        (await ValueAsync($"{config}.networking.hostId")).ShouldMatch("^\"[0-9a-f]{8}\"$");
        (await ValueAsync($"{config}.warnings")).ShouldContain("provisioner.host.hostId is null");
    }

    [Theory]
    [InlineData("hostId", "\"XYZ\"")]
    [InlineData("hostName", "\"two words\"")]
    [InlineData("country", "\"Germany\"")]
    [InlineData("bootPartition", "\"sda1\"")]
    public async Task A_wrong_value_is_refused_by_name(string key, string value)
    {
        var result = await TryAsync("--eval", "--strict", "-E", $"{System($"{Folder}/pi4.nix {{ provisioner.host.{key} = {value}; }}")}.provisioner.host.{key}");

        result.ExitCode.ShouldNotBe(0);
        result.StandardError.ShouldContain($"provisioner.host.{key}");
    }

    [Fact]
    public async Task The_card_s_radio_follows_the_rules_of_everywhere_when_no_country_is_given() =>
        (await ValueAsync($"{System($"{Folder}/bootstrap.nix")}.boot.extraModprobeConfig")).ShouldBe("\"\"");

    [Theory]
    [InlineData("{ boot.loader.raspberry-pi = { }; systemd.settings = { }; }", "boot.loader.raspberry-pi.bootloader", "\"uboot\"")]
    [InlineData("{ boot.loader.raspberry-pi = { }; boot.loader.raspberryPi = { }; systemd = { }; }", "boot.loader.raspberryPi or null", "null")]
    [InlineData("{ boot.loader.raspberryPi.bootloader = { }; systemd = { }; }", "boot.loader.raspberryPi.bootloader", "\"uboot\"")]
    [InlineData("{ boot.loader.raspberryPi.version = { }; systemd = { }; }", "boot.loader.raspberryPi or null", "null")]
    [InlineData("{ boot.loader = { }; systemd.settings = { }; }", "systemd.settings.Manager.RuntimeWatchdogSec", "\"14s\"")]
    [InlineData("{ boot.loader = { }; systemd = { }; }", "systemd.watchdog.runtimeTime", "\"14s\"")]
    public async Task The_names_of_options_are_those_of_the_release_at_hand(string declared, string path, string value) =>
        (await ValueAsync($"{System($"{Folder}/modules/disk.nix {Folder}/modules/base.nix {{ provisioner.host.bootPartition = \"/dev/disk/by-partlabel/esp\"; }}", $"declared = {declared};")}.{path}")).ShouldBe(value);

    [Theory]
    [InlineData("{ raspberrypi-utils = \"ours\"; libraspberrypi = \"old\"; }", "[\"ours\"]")]
    [InlineData("{ raspi-utils = \"new\"; libraspberrypi = throw \"use raspi-utils\"; }", "[\"new\"]")]
    [InlineData("{ libraspberrypi = \"old\"; }", "[\"old\"]")]
    [InlineData("{ libraspberrypi = throw \"removed\"; }", "[]")]
    public async Task Vcmailbox_comes_from_the_package_that_the_release_has(string packages, string value) =>
        (await ValueAsync($"{System($"{Folder}/modules/mailbox.nix", $"packages = {packages};")}.environment.systemPackages")).ShouldBe(value);

    [Fact]
    public async Task When_memory_runs_out_builds_go_before_the_way_in()
    {
        var units = await EvaluateAsync($"builtins.mapAttrs (_: unit: unit.serviceConfig.OOMScoreAdjust or null) {System($"{Folder}/bootstrap.nix")}.systemd.services");

        units["NetworkManager"]!.Value<int>().ShouldBe(-900);
        units["wpa_supplicant"]!.Value<int>().ShouldBe(-900);
        units["nix-daemon"]!.Value<int>().ShouldBePositive();
        units.ContainsKey("sshd").ShouldBeFalse("every session and every build in one would inherit it");
    }

    [Fact]
    public async Task Sshd_keeps_itself_from_being_killed_and_no_session()
    {
        await using var server = new SshServer();
        await server.InitializeAsync();
        var session = await Tool.RunAsync(
            "ssh", "-i", server.Key, "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", $"{server.User}@127.0.0.1", "cat /proc/self/oom_score_adj");
        var ours = (await File.ReadAllTextAsync("/proc/self/oom_score_adj", TestContext.Current.CancellationToken)).Trim();

        session.Trim().ShouldBe(ours);
        // That the kernel lets it needs CAP_SYS_RESOURCE, which a service of systemd's has and these tests may lack.
        server.Log.ShouldContain($"Set /proc/self/oom_score_adj from {ours} to -1000");
        server.Log.ShouldContain($"Set /proc/self/oom_score_adj to {ours}");
    }

    [Theory]
    [InlineData("identity-card", "identity-card")]
    [InlineData("wifi", "wifi-retry")]
    [InlineData("ready", "provisioner-ready")]
    public async Task Every_script_is_one_that_bash_reads_and_that_has_its_programs(string module, string unit)
    {
        var service = await EvaluateAsync($"({Module(module)}).systemd.services.{unit}");
        var result = await Cli.Wrap("bash").WithArguments(["-n"])
            .WithStandardInputPipe(PipeSource.FromString((string)service["script"]!))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();

        result.StandardError.ShouldBeEmpty();
        service["path"]!.Values<string>().ShouldContain("coreutils");
    }

    [Fact]
    public async Task There_is_no_secret_in_it_and_none_in_its_history() =>
        (await SecretsCheck.SearchAsync(await FlakeFolder.ReadAsync(Folder, default), AcceptedSecrets.None, default)).ShouldBeEmpty();

    private static string Module(string name) =>
        System($"{Folder}/modules/{name}.nix {{ provisioner.host = {{ country = \"DE\"; bootPartition = \"/dev/disk/by-partlabel/esp\"; }}; }}");

    /// <summary>A system's values, in the double.</summary>
    /// <param name="modules">Nix: paths, functions and sets.</param>
    /// <param name="more">Nix: more of the double's arguments.</param>
    private static string System(string modules, string more = "") =>
        $"(import {Folder}/../../tests/Provisioner.Provider.Tests/Flakes/Doubles/nixos.nix {{ modules = [ {modules} ]; {more} }})";

    private static async Task<JObject> EvaluateAsync(string expression) =>
        JObject.Parse(await NixAsync("--eval", "--strict", "--json", "-E", expression));

    private static async Task<string> ValueAsync(string expression) =>
        (await NixAsync("--eval", "--strict", "--json", "-E", expression)).Trim();

    private static async Task<string> NixAsync(params string[] arguments)
    {
        var result = await TryAsync(arguments);
        result.ExitCode.ShouldBe(0, result.StandardError);
        return result.StandardOutput;
    }

    private static async Task<BufferedCommandResult> TryAsync(params string[] arguments) =>
        await Cli.Wrap("nix-instantiate").WithArguments(["--store", "dummy://", .. arguments])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();

    private static string FindFolder()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Provisioner.sln")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory?.FullName ?? throw new InvalidOperationException("No Provisioner.sln above the tests."), "infra", "nixos");
    }
}
