using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Device;

[Collection(DeviceCollection.Name)]
public sealed class CardImageTests(FrozenPiFixture fixture)
{
    [Fact]
    public async Task On_a_machine_that_never_had_a_virtual_Pi_the_image_comes_with_the_key_that_its_program_names()
    {
        using var folder = new TemporaryFolder();
        var home = fixture.Home with { LoginKeyFile = folder.File("login") };
        var image = folder.File("bootstrap.img");

        await PiCardImage.WriteAsync(home, image, cancellationToken: TestContext.Current.CancellationToken);

        (await Tool.OutputAsync("sfdisk", "--dump", image)).Split('\n').Count(line => line.Contains("type=", StringComparison.Ordinal)).ShouldBe(2);
        File.GetUnixFileMode(home.LoginKeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var publicKey = await File.ReadAllTextAsync(home.LoginKeyFile + ".pub", TestContext.Current.CancellationToken);
        (await Tool.OutputAsync("ssh-keygen", "-y", "-f", home.LoginKeyFile)).Trim().ShouldBe(publicKey.Trim());

        // Another image does not take the key away from the machines that let it in.
        await PiCardImage.WriteAsync(home, image, cancellationToken: TestContext.Current.CancellationToken);
        (await File.ReadAllTextAsync(home.LoginKeyFile + ".pub", TestContext.Current.CancellationToken)).ShouldBe(publicKey);
    }
}
