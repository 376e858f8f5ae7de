using System.Net;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Device;

namespace Provisioner.Provider.Tests.Remote;

public sealed class DeviceAddressTests
{
    private const string Pin = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData("ssh://root@lamp.local:22?hostKey=" + Pin, "root", "lamp.local", 22, "root@lamp.local")]
    [InlineData("ssh://pi@10.0.0.7:2222?hostKey=" + Pin, "pi", "10.0.0.7", 2222, "pi@10.0.0.7:2222")]
    [InlineData("ssh://lamp.local?hostKey=" + Pin, "root", "lamp.local", 22, "root@lamp.local")]
    [InlineData("ssh://root@[fe80::1]:22?hostKey=" + Pin, "root", "fe80::1", 22, "root@[fe80::1]")]
    [InlineData("ssh://root@[fe80::1%25wlan0]:22?hostKey=" + Pin, "root", "fe80::1%wlan0", 22, "root@[fe80::1%wlan0]")]
    [InlineData("ssh://root@[fe80::1%wlan0]:2222?hostKey=" + Pin, "root", "fe80::1%wlan0", 2222, "root@[fe80::1%wlan0]:2222")]
    [InlineData("ssh://[fe80::dead:beef%25enp0s31f6]?hostKey=" + Pin, "root", "fe80::dead:beef%enp0s31f6", 22, "root@[fe80::dead:beef%enp0s31f6]")]
    [InlineData("ssh://pi@[fe80::1%253]?hostKey=" + Pin, "pi", "fe80::1%3", 22, "pi@[fe80::1%3]")]
    public void An_address_is_read(string text, string user, string host, int port, string display)
    {
        var address = DeviceAddress.Parse(text);

        (address.User, address.Host, address.Port, address.Display).ShouldBe((user, host, port, display));
        address.HostKey!.Fingerprint.ShouldBe(Pin);
    }

    [Theory]
    [InlineData("lamp.local")]
    [InlineData("http://lamp.local")]
    [InlineData("ssh://")]
    [InlineData("ssh://root@lamp.local/etc")]
    [InlineData("ssh://root@lamp.local:99999")]
    [InlineData("ssh://root@[fe80::1%]:22")]
    [InlineData("ssh://root@[fe80::1%25wlan0;reboot]:22")]
    [InlineData("ssh://root@[fe80::1%25a-name-that-no-interface-has]:22")]
    [InlineData("ssh://root@lamp.local?hostKey=MD5:aa")]
    [InlineData("ssh://root@lamp.local?hostkey=" + Pin)]
    [InlineData("ssh://root@lamp.local?hostKey=" + Pin + "&hostKey=" + Pin)]
    [InlineData("ssh://root@lamp.local?hostKey=ssh-ed25519%20AAAA")]
    [InlineData("")]
    public void What_is_no_address_is_refused_with_the_form_it_should_have(string text)
    {
        var failure = Should.Throw<InputInvalidException>(() => DeviceAddress.Parse(text));

        failure.Code.ShouldBe("input.invalid");
        failure.Message.ShouldContain("ssh://root@lamp.local:22?hostKey=SHA256:");
    }

    [Theory]
    [InlineData("ssh://root@[fe80::1%25lo]:22")]
    [InlineData("root@[fe80::1%lo]")]
    public void The_zone_of_an_address_is_kept_from_the_Device_to_the_socket(string written)
    {
        var text = DeviceAddresses.Of(new DeviceArgs { Address = written, HostKey = Pin }).Text.ShouldNotBeNull();

        text.ShouldBe($"ssh://root@[fe80::1%25lo]:22?hostKey={Pin}");
        IPAddress.Parse(DeviceAddress.Parse(text).Host).ScopeId.ShouldBe(1, "lo is the first interface everywhere");
    }

    [Fact]
    public void A_password_in_an_address_is_refused_and_not_repeated() =>
        Should.Throw<InputInvalidException>(() => DeviceAddress.Parse("ssh://root:hunter2@lamp.local")).Message.ShouldNotContain("hunter2");

    [Fact]
    public async Task A_public_key_pins_what_ssh_keygen_calls_its_fingerprint()
    {
        using var folder = new TemporaryFolder();
        foreach (var type in new[] { "ed25519", "rsa", "ecdsa" })
        {
            await Tool.RunAsync("ssh-keygen", "-q", "-t", type, "-N", string.Empty, "-f", folder[type]);
            var expected = (await Tool.RunAsync("ssh-keygen", "-lf", folder[type + ".pub"])).Split(' ')[1];

            var pin = HostKeyPin.Parse(File.ReadAllText(folder[type + ".pub"]));

            pin!.Fingerprint.ShouldBe(expected);
            HostKeyPin.Parse(expected)!.Fingerprint.ShouldBe(expected);
        }
    }
}
