namespace Provisioner.VirtualPi.Tests.Firmware;

public sealed class PiBootTests
{
    [Fact]
    public void The_last_word_of_the_firmware_counts() =>
        PiBoot.Last("virtual-pi firmware: boot-mode=1 mmcblk0p1 bootstrap\r\n…\r\nvirtual-pi firmware: this once the boot order is 0xf14\r\nvirtual-pi firmware: boot-mode=4 sda1 nixos-default\r\nlogin:")
            .ShouldBe(new PiBoot(PiBootMedium.Usb, "sda1 nixos-default"));

    [Fact]
    public void A_system_of_the_card_s_is_the_card_s_whichever_medium_U_Boot_came_from() =>
        PiBoot.Last("virtual-pi firmware: boot-mode=4 mmcblk0p2 bootstrap\r\n").ShouldBe(new PiBoot(PiBootMedium.Card, "mmcblk0p2 bootstrap"));

    [Theory]
    [InlineData("virtual-pi firmware: U-Boot found nothing to boot\r\n", "U-Boot found nothing to boot")]
    [InlineData("virtual-pi firmware: nothing to boot, in the boot order 0xf41\r\n", "nothing to boot, in the boot order 0xf41")]
    [InlineData("virtual-pi firmware: boot-mode=1 mmcblk0p1 a\r\nvirtual-pi firmware: the boot order 0xe1 ends here\r\n", "the boot order 0xe1 ends here")]
    public void Finding_nothing_is_no_medium(string line, string text) => PiBoot.Last(line).ShouldBe(new PiBoot(null, text));

    [Theory]
    [InlineData("")]
    [InlineData("virtual-pi firmware: boot-mode=4 sda1 nixos-def")]
    [InlineData("virtual-pi firmware: sda1 nixos-default cannot be loaded: no kernel\r\n")]
    public void Without_such_a_word_nothing_is_known(string line) => PiBoot.Last(line).ShouldBeNull();
}
