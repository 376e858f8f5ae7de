using Provisioner.VirtualPi.Frozen;
using Provisioner.VirtualPi.Qmp;

namespace Provisioner.VirtualPi.Tests.Frozen;

public sealed class CardControllerTests
{
    [Fact]
    public void The_monitors_answer_is_read() => CardController.Answer("portl[0x0cfc] = 0x00071b36\r\n").ShouldBe(0x00071b36u);

    [Fact]
    public void Another_answer_is_an_error() => Should.Throw<QmpException>(() => CardController.Answer("unknown command: 'i'\r\n"));

    [Fact]
    public void A_line_of_the_file_is_a_register_and_its_value() => CardController.Parse("10 febc7000").ShouldBe((0x10, 0xfebc7000u));
}
