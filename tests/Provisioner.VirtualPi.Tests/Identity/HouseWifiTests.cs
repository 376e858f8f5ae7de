using FsCheck.Xunit;

namespace Provisioner.VirtualPi.Tests.Identity;

public sealed class HouseWifiTests
{
    // The test vectors of IEEE 802.11-2016, annex J.4.2.
    [Theory]
    [InlineData("IEEE", "password", "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e")]
    [InlineData("ThisIsASSID", "ThisIsAPassword", "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af")]
    public void The_derived_key_is_the_one_of_the_standard(string ssid, string password, string key) =>
        new HouseWifi(ssid, password).DerivedKey.ShouldBe(key);

    [Theory]
    [InlineData("", "long enough")]
    [InlineData("123456789012345678901234567890123", "long enough")]
    [InlineData("Lamp Home", "short")]
    [InlineData("Lamp Home", "two\nlines of text")]
    public void What_no_access_point_takes_is_refused(string ssid, string password) =>
        Should.Throw<PiException>(() => new HouseWifi(ssid, password).Check());

    [Fact]
    public void A_name_may_hold_any_character() => new HouseWifi(" two\nlines 💡", "long enough").Check().Ssid.ShouldBe(" two\nlines 💡");

    [Property]
    public void No_error_and_no_text_of_it_shows_the_password(string? password)
    {
        var wifi = new HouseWifi("Lamp Home", $"~secret~{password}");

        wifi.ToString().ShouldNotContain("~secret~");
        try
        {
            wifi.Check();
        }
        catch (PiException exception)
        {
            exception.Message.ShouldNotContain("~secret~");
        }
    }
}
