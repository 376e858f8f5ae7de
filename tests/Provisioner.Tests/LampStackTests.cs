using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pulumi;
using Pulumi.Testing;
using Pulumi.Utilities;

namespace Provisioner.Tests;

/// <summary>A unit test of infra's stack, as its user may write one: no engine, no provider, no Pi.</summary>
public sealed class LampStackTests : IDisposable
{
    private readonly HouseMocks _mocks = new();

    public void Dispose() => Configure("{}");

    [Fact]
    public async Task The_lamp_is_pinned_to_the_key_that_the_stack_makes_and_joins_the_WiFi()
    {
        Configure("""{"lamp:hostname":"lamp","lamp:address":"root@lamp.local","lamp:wifiName":"Our House","lamp:wifiPassword":"correct horse"}""");

        var resources = await Deployment.TestAsync<LampStack>(_mocks, new TestOptions { ProjectName = "lamp", IsPreview = false });

        _mocks.Inputs("Device")["hostKey"].ShouldBe("SHA256:made");
        _mocks.Inputs("WifiProfile")["ssid"].ShouldBe("Our House");
        _mocks.Inputs("WifiProfile")["device"].ShouldBe("ssh://root@lamp.local");
        (await OutputUtilities.GetValueAsync(resources.OfType<LampStack>().Single().Fingerprint)).ShouldBe("SHA256:made");
        (await OutputUtilities.GetValueAsync(resources.OfType<LampStack>().Single().ConnectedThrough)).ShouldBe("card-Our House", "without a system it stays on its card");
        resources.ShouldNotContain(resource => resource is Disk);
    }

    [Fact]
    public async Task An_SSD_is_used_only_when_its_serial_number_is_configured_and_with_the_consent_for_it()
    {
        Configure("""{"lamp:hostname":"lamp","lamp:address":"lamp.local","lamp:wifiName":"w","lamp:wifiPassword":"correct horse","lamp:hostKey":"SHA256:own","lamp:ssdSerial":"1234","lamp:ssdId":"usb-T5","lamp:consent":"{\"1234\":\"disk-abc\"}"}""");

        var resources = await Deployment.TestAsync<LampStack>(_mocks, new TestOptions { ProjectName = "lamp", IsPreview = false });

        _mocks.Inputs("Device")["hostKey"].ShouldBe("SHA256:own");
        _mocks.Inputs("Disk")["serial"].ShouldBe("1234");
        _mocks.Inputs("Disk")["consent"].ShouldBeOfType<ImmutableDictionary<string, object?>>()["1234"].ShouldBe("disk-abc");
        resources.OfType<ZfsDataset>().Select(dataset => dataset.GetResourceName()).Order().ShouldBe(["lamp-home", "lamp-nix", "lamp-root", "lamp-var"]);
    }

    [Fact]
    public async Task An_installation_has_a_name_and_home_outlives_it()
    {
        Configure("""{"lamp:hostname":"lamp","lamp:address":"lamp.local","lamp:wifiName":"w","lamp:wifiPassword":"correct horse","lamp:ssdSerial":"1234","lamp:ssdId":"usb-T5","lamp:flake":"infra/nixos","lamp:installation":"2026"}""");

        var resources = await Deployment.TestAsync<LampStack>(_mocks, new TestOptions { ProjectName = "lamp", IsPreview = false });

        (await OutputUtilities.GetValueAsync(resources.OfType<LampStack>().Single().ConnectedThrough)).ShouldBe("Our House", "in the end it runs from the SSD");
        _mocks.All("ZfsDataset").Select(inputs => $"{inputs["name"]}: {inputs["installation"]}, {inputs["keep"]}").Order().ShouldBe(
            ["home: 2026, True", "nix: 2026, False", "root: 2026, False", "var: 2026, False"]);
        _mocks.Inputs("NixosSystem")["installation"].ShouldBe("2026");
    }

    [Theory]
    [InlineData("", "device", null)]
    [InlineData(""","lamp:builder":"local" """, "local", null)]
    [InlineData(""","lamp:builder":"ssh","lamp:builderHost":"ssh://me@desktop?hostKey=SHA256:x" """, "ssh", "ssh://me@desktop?hostKey=SHA256:x")]
    public async Task The_system_is_built_where_the_configuration_says(string configuration, string builder, string? host)
    {
        Configure("""{"lamp:hostname":"lamp","lamp:address":"lamp.local","lamp:wifiName":"w","lamp:wifiPassword":"correct horse","lamp:ssdSerial":"1234","lamp:ssdId":"usb-T5","lamp:flake":"infra/nixos" """ + configuration + "}");

        await Deployment.TestAsync<LampStack>(_mocks, new TestOptions { ProjectName = "lamp", IsPreview = false });

        _mocks.Inputs("NixosSystem")["builder"].ShouldBe(builder);
        _mocks.Inputs("NixosSystem").GetValueOrDefault("builderHost").ShouldBe(host);
    }

    [Fact]
    public async Task A_dataset_comes_after_the_one_above_it_and_is_not_kept_where_that_begins_anew()
    {
        Configure("{}");
        HeadlessPiArgs Args() => new()
        {
            Hostname = "lamp",
            Address = "lamp.local",
            Ssd = new HeadlessPiSsd { ById = "usb-T5", Serial = "1234" },
            Datasets = { ["var/lib"] = [], ["var/lib/db"] = [] },
        };

        var names = new List<string>();
        await Deployment.TestAsync(_mocks, new TestOptions { ProjectName = "lamp", IsPreview = false }, () =>
        {
            names.AddRange(new HeadlessPi("lamp", Args()).Datasets.Keys);
            var pi = Args();
            pi.Keep.Add("var/lib/db");
            Should.Throw<RunException>(() => new HeadlessPi("other", pi)).Message.ShouldContain("'var/lib/db', which lies below one that begins anew");
        });

        names.ShouldBe(["home", "nix", "root", "var", "var/lib", "var/lib/db"]);
    }

    [Fact]
    public async Task A_machine_that_runs_NixOS_is_taken_over_with_its_own_host_key_and_nothing_is_installed()
    {
        Configure("""{"lamp:hostname":"lamp","lamp:address":"lamp.local","lamp:wifiName":"w","lamp:wifiPassword":"correct horse","lamp:hostKey":"SHA256:own","lamp:flake":"infra/nixos"}""");

        var resources = await Deployment.TestAsync<LampStack>(_mocks, new TestOptions { ProjectName = "lamp", IsPreview = false });

        _mocks.Inputs("Device")["hostKey"].ShouldBe("SHA256:own");
        _mocks.Inputs("NixosSystem")["hostname"].ShouldBe("lamp");
        string[] never = ["pool", "poolGuid", "bootPartition", "hostKey", "hostId", "installation"];
        never.ShouldAllBe(input => !_mocks.Inputs("NixosSystem").ContainsKey(input));
        _mocks.Inputs("WifiProfile").GetValueOrDefault("ofSystem").ShouldNotBe(true);
        resources.ShouldNotContain(resource => resource is FirstBoot || resource is Disk || resource is ZfsPool || resource is SdCard);
        (await OutputUtilities.GetValueAsync(resources.OfType<LampStack>().Single().ConnectedThrough)).ShouldBe("card-Our House", "the profile is the last of it");
    }

    [Theory]
    [InlineData(""","lamp:flake":"infra/nixos" """, "flake is set, with nothing to install it to")]
    [InlineData(""","lamp:card":"/dev/x","lamp:hostKey":"SHA256:own","lamp:loginKey":"/dev/null" """, "card and hostKey are both set")]
    [InlineData(""","lamp:flake":"f","lamp:ssdSerial":"1","lamp:ssdId":"usb","lamp:hostKey":"SHA256:own" """, "flake, ssdSerial and hostKey are all set")]
    [InlineData(""","lamp:ssdSerial":"1" """, "ssdSerial is set, and ssdId is not")]
    [InlineData(""","lamp:ssdId":"usb" """, "ssdId is set, and ssdSerial is not")]
    [InlineData(""","lamp:installation":"2026" """, "nothing is installed without ssdSerial")]
    [InlineData(""","lamp:card":"/dev/x" """, "card is set, and loginKey is not")]
    [InlineData(""","lamp:card":"/dev/x","lamp:loginKey":"/nowhere/id.pub" """, "loginKey: /nowhere/id.pub is not there")]
    [InlineData(""","lamp:builder":"cloud" """, "builder is 'cloud'")]
    public async Task A_configuration_that_does_not_go_together_is_an_error_in_its_own_words(string configuration, string problem)
    {
        Configure("""{"lamp:hostname":"lamp","lamp:address":"lamp.local","lamp:wifiName":"w","lamp:wifiPassword":"correct horse" """ + configuration + "}");

        var refused = await Should.ThrowAsync<RunException>(() => Deployment.TestAsync<LampStack>(_mocks, new TestOptions { ProjectName = "lamp", IsPreview = false }));

        refused.Message.ShouldContain(problem);
        refused.Message.ShouldNotContain("   at ");
        refused.Message.Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public async Task Everything_that_does_not_go_together_is_told_at_once()
    {
        Configure("{}");
        var told = "";
        await Deployment.TestAsync(_mocks, new TestOptions { ProjectName = "lamp", IsPreview = false }, () =>
        {
            told = Should.Throw<RunException>(() => new HeadlessPi("lamp", new HeadlessPiArgs
            {
                Hostname = "lamp",
                Address = "lamp.local",
                HostKey = "SHA256:own",
                Card = new HeadlessPiCard { Target = "/dev/x", AuthorizedKeys = new() { "ssh-ed25519 AAAA" }, Image = new SdImageArgs() },
                Ssd = new HeadlessPiSsd { ById = null!, Serial = "1" },
                System = new HeadlessPiSystem { Flake = "infra/nixos" },
            })).Message;
            Should.Throw<RunException>(() => new HeadlessPi("other", new HeadlessPiArgs { Hostname = "lamp", Address = "lamp.local", Installation = "2026", System = new HeadlessPiSystem { Flake = "f" } }))
                .Message.Split('\n').Length.ShouldBe(3);
        });

        told.Split('\n').Length.ShouldBe(4);
        told.ShouldContain("Ssd.ById");
        told.ShouldContain("Card and HostKey are both set");
        told.ShouldContain("System, Ssd and HostKey are all set");
        _mocks.All("HostIdentity").ShouldBeEmpty("nothing is registered");
    }

    private static void Configure(string json) => Environment.SetEnvironmentVariable("PULUMI_CONFIG", json);

    /// <summary>Gives each resource its inputs, and the outputs that others are made of.</summary>
    private sealed class HouseMocks : IMocks
    {
        private readonly ConcurrentQueue<(string Type, ImmutableDictionary<string, object> Inputs)> _inputs = [];

        /// <summary>The inputs of the last resource of a type.</summary>
        public ImmutableDictionary<string, object> Inputs(string type) => All(type).Last();

        public IEnumerable<ImmutableDictionary<string, object>> All(string type) =>
            _inputs.Where(resource => resource.Type == $"provisioner:index:{type}").Select(resource => resource.Inputs);

        public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
        {
            _inputs.Enqueue((args.Type!, args.Inputs));
            var state = args.Type switch
            {
                "provisioner:index:HostIdentity" => args.Inputs.Add("fingerprint", "SHA256:made"),
                "provisioner:index:Device" => args.Inputs.SetItem("address", $"ssh://{args.Inputs["address"]}"),
                "provisioner:index:Disk" => args.Inputs.Add("poolPartition", "/dev/disk/by-partuuid/1"),
                "provisioner:index:WifiProfile" => args.Inputs.Add("connectedThrough", "card-Our House"),
                "provisioner:index:FirstBoot" => args.Inputs.Add("connectedThrough", "Our House"),
                "provisioner:index:ZfsPool" => args.Inputs.Add("guid", "1"),
                _ => args.Inputs,
            };
            return Task.FromResult<(string?, object)>((args.Name, state));
        }

        public Task<object> CallAsync(MockCallArgs args) => throw new NotSupportedException(args.Token);
    }
}
