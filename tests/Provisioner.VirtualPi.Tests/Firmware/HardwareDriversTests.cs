using System.Text;
using Provisioner.VirtualPi.Machine;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Firmware;

public sealed class HardwareDriversTests
{
    [Fact]
    public void Units_and_scripts_become_credentials_that_systemd_knows()
    {
        using var folder = new TemporaryFolder();
        HardwareDrivers.Write(folder.File("hardware"));
        var strings = HardwareDrivers.Files(folder.File("hardware")).Select(File.ReadAllText).ToArray();

        strings.ShouldAllBe(text => text.StartsWith("io.systemd.credential.binary:", StringComparison.Ordinal));
        Content("systemd.extra-unit.virtual-pi-air.service").ShouldContain("/run/credentials/@system/virtual-pi.air");
        Content("systemd.unit-dropin.multi-user.target").ShouldContain("virtual-pi-air.service");
        Content("virtual-pi.air").ShouldStartWith("#!/bin/bash\n");

        string Content(string name) => Encoding.UTF8.GetString(Convert.FromBase64String(
            strings.Single(text => text.StartsWith($"io.systemd.credential.binary:{name}=", StringComparison.Ordinal)).Split('=', 2)[1]));
    }

    [Fact]
    public void All_of_it_fits_into_one_SMBIOS_structure() =>
        HardwareDrivers.Credentials().Sum(credential => credential.Name.Length + (credential.Content.Length * 4 / 3) + 40).ShouldBeLessThan(60_000);
}
