using CliWrap;
using CliWrap.Buffered;
using Newtonsoft.Json.Linq;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Flakes.Secrets;

namespace Provisioner.Provider.Tests.Flakes;

/// <summary>
/// The flake in infra/nixos, read by Nix itself. nixpkgs is out of reach here, so the modules are evaluated with doubles in
/// its place: three functions of its lib that hand back their value, and packages that are their own names. What the options
/// mean to NixOS is therefore not shown by these tests.
/// </summary>
public sealed class OurFlakeTests
{
    private static readonly string[] Doubles =
    [
        "lib = { mkForce = value: value; mkDefault = value: value; mkIf = condition: value: if condition then value else null; };",
        "pkgs = builtins.listToAttrs (map (name: { inherit name; value = name; }) [ \"util-linux\" \"coreutils\" \"gnutar\" \"gnugrep\" \"networkmanager\" \"openssh\" \"gptfdisk\" \"dosfstools\" \"e2fsprogs\" \"jq\" \"git\" ]);",
    ];

    private static string Folder { get; } = FindFolder();

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
        $"let {string.Concat(Doubles)} in import {Folder}/modules/{name}.nix {{ inherit lib pkgs; config = {{ }}; }}";

    private static async Task<JObject> EvaluateAsync(string expression) =>
        JObject.Parse(await NixAsync("--eval", "--strict", "--json", "-E", expression));

    private static async Task<string> NixAsync(params string[] arguments)
    {
        var result = await Cli.Wrap("nix-instantiate").WithArguments(["--store", "dummy://", .. arguments])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        result.ExitCode.ShouldBe(0, result.StandardError);
        return result.StandardOutput;
    }

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
