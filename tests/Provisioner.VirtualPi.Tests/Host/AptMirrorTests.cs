using Provisioner.VirtualPi.Host;

namespace Provisioner.VirtualPi.Tests.Host;

public sealed class AptMirrorTests
{
    [Fact]
    public void Addresses_are_found_in_both_formats()
    {
        const string text = """
            # deb http://commented.example/debian bookworm main
            Types: deb
            URIs: http://one.example/debian http://two.example/debian
            Suites: bookworm

            deb http://three.example/debian bookworm main
            deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://four.example/debian/ bookworm main
            deb-src http://five.example/debian bookworm main
            """;

        AptMirror.Addresses(text).ShouldBe(["http://one.example/debian", "http://two.example/debian", "http://three.example/debian", "https://four.example/debian/"]);
    }

    [Theory]
    [InlineData("http://one.example/debian", true)]
    [InlineData("https://one.example/debian/", true)]
    [InlineData("http://one.example/debian-security", false)]
    [InlineData("https://packages.example/apt", false)]
    public void Only_the_archive_itself_is_a_mirror_of_Debian(string address, bool expected) => AptMirror.IsDebian(address).ShouldBe(expected);

    [Fact]
    public void A_program_that_is_nowhere_in_the_path_is_missing()
    {
        using var folder = new Support.TemporaryFolder();

        HostPackages.Missing(folder.Path).ShouldContain("qemu-system-x86_64");
        HostPackages.Missing(Environment.GetEnvironmentVariable("PATH")).ShouldBeEmpty();
    }
}
