using FsCheck.Xunit;
using Provisioner.VirtualPi.Building;

namespace Provisioner.VirtualPi.Tests.Building;

public sealed class CacheKeyTests
{
    [Property]
    public void Moving_text_from_one_part_to_the_next_changes_the_key(string? left, string? right) =>
        CacheKey.Of([$"{left}x", $"{right}"], []).ShouldNotBe(CacheKey.Of([$"{left}", $"x{right}"], []));

    [Fact]
    public void Every_build_script_and_guest_file_is_part_of_the_cards_key()
    {
        var names = Embedded.Names("Building/Scripts/").Concat(Embedded.Names("Guest/")).ToArray();

        names.ShouldContain("Building/Scripts/card");
        names.ShouldContain("Guest/Initrd/init");
        names.ShouldContain("Guest/Hardware/usr/local/lib/virtual-pi/air");
        names.ShouldContain("Guest/System/etc/systemd/system/identity-card.service");
        foreach (var name in names)
        {
            CacheKey.Of(["trixie"], names.Where(other => other != name)).ShouldNotBe(CardBuilder.Key);
        }
    }

    [Fact]
    public void Scripts_come_out_of_the_assembly_executable_and_other_files_not()
    {
        using var folder = new Support.TemporaryFolder();
        Embedded.UnpackFolder("Guest/Hardware/", folder.Path);

        File.GetUnixFileMode(folder.File("usr/local/lib/virtual-pi/air")).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
        File.GetUnixFileMode(folder.File("etc/systemd/system/virtual-pi-air.service")).HasFlag(UnixFileMode.UserExecute).ShouldBeFalse();
    }
}
