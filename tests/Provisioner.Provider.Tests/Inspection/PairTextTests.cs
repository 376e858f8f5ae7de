using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Tests.Inspection;

public sealed class PairTextTests
{
    [Theory]
    [InlineData("A=\"x\" B-C=\"y z\"", "B-C", "y z")]
    [InlineData(": LABEL=\"a\\\"b\\\\c\" TYPE=\"vfat\"", "LABEL", "a\"b\\c")]
    [InlineData(": LABEL=\"a\\\"b\\\\c\" TYPE=\"vfat\"", "TYPE", "vfat")]
    [InlineData("MOUNTPOINTS=\"/\\x0a/mnt/a\\x22b\"", "MOUNTPOINTS", "/\n/mnt/a\"b")]
    [InlineData("LABEL=\"\\xc3\\xb6l\"", "LABEL", "öl")]
    [InlineData("SERIAL=\"  S1  \"", "SERIAL", "S1")]
    [InlineData("SERIAL=\"\"", "SERIAL", null)]
    [InlineData("SERIAL=\"cut of", "SERIAL", "cut of")]
    [InlineData("MODEL=\"SERIAL=x\" SERIAL=\"S1\"", "SERIAL", "S1")]
    [InlineData("MODEL=\"=\\\" SERIAL=\\\"S2\\\"\" SERIAL=\"S1\"", "SERIAL", "S1")]
    public void Values_come_out_as_they_went_in(string line, string name, string? value) => PairText.Read(line)[name].ShouldBe(value);

    [FsCheck.Xunit.Property]
    public void No_line_is_too_odd(string? line) => PairText.Read(line ?? "")["TYPE"]?.ShouldNotBeEmpty();
}
