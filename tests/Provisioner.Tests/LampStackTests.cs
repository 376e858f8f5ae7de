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

    private static void Configure(string json) => Environment.SetEnvironmentVariable("PULUMI_CONFIG", json);

    /// <summary>Gives each resource its inputs, and the outputs that others are made of.</summary>
    private sealed class HouseMocks : IMocks
    {
        private readonly ConcurrentDictionary<string, ImmutableDictionary<string, object>> _inputs = new(StringComparer.Ordinal);

        public ImmutableDictionary<string, object> Inputs(string type) => _inputs[$"provisioner:index:{type}"];

        public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
        {
            _inputs[args.Type!] = args.Inputs;
            var state = args.Type switch
            {
                "provisioner:index:HostIdentity" => args.Inputs.Add("fingerprint", "SHA256:made"),
                "provisioner:index:Device" => args.Inputs.SetItem("address", $"ssh://{args.Inputs["address"]}"),
                "provisioner:index:Disk" => args.Inputs.Add("poolPartition", "/dev/disk/by-partuuid/1"),
                "provisioner:index:ZfsPool" => args.Inputs.Add("guid", "1"),
                _ => args.Inputs,
            };
            return Task.FromResult<(string?, object)>((args.Name, state));
        }

        public Task<object> CallAsync(MockCallArgs args) => throw new NotSupportedException(args.Token);
    }
}
