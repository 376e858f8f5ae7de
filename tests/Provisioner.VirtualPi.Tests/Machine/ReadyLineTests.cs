using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi.Tests.Machine;

public sealed class ReadyLineTests
{
    private const string Key = "AAAAC3NzaC1lZDI1NTE5AAAAIGVGFSNaX+gAQm8OBu0H4xQUsiiiu2nSEU3JGYk6h362";

    [Fact]
    public void The_last_one_counts()
    {
        var found = ReadyLine.Find($"noise\r\nvirtual-pi ready: uptime=1.00 hostkey=ssh-ed25519,{Key}\r\nmore\r\nvirtual-pi ready: uptime=84.44 hostkey=ssh-ed25519,{Key}\r\nlogin:");

        found.ShouldBe(new ReadyLine(TimeSpan.FromSeconds(84.44), new SshHostKey("ssh-ed25519", Key)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("virtual-pi ready: uptime=1.00")]
    [InlineData("virtual-pi ready: uptime=1.00 hostkey=ssh-ed25519,AAAAC3Nz")]
    public void A_line_that_is_not_whole_yet_is_none(string text) => ReadyLine.Find(text).ShouldBeNull();
}
