using FsCheck.Xunit;
using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi.Tests.Building;

public sealed class CacheKeyTests
{
    [Property]
    public void Moving_text_from_one_part_to_the_next_changes_the_key(string? left, string? right) =>
        CacheKey.Of([$"{left}x", $"{right}"], []).ShouldNotBe(CacheKey.Of([$"{left}", $"x{right}"], []));

    [Fact]
    public void Every_build_script_and_guest_file_is_part_of_the_cards_key()
    {
        var names = Embedded.Names("Building/Scripts/").Concat(Embedded.Names("Guest/")).Concat(Embedded.Names("Standin/")).ToArray();

        names.ShouldContain("Building/Scripts/card");
        names.ShouldContain("Guest/Firmware/init");
        names.ShouldContain("Guest/Hardware/Scripts/air");
        names.ShouldContain("Guest/System/etc/systemd/system/identity-card.service");
        names.ShouldContain("Standin/Flake/commands/switch-to-configuration");
        names.ShouldContain("Standin/Image/stage-1");
        foreach (var name in names)
        {
            CacheKey.Of(["trixie", QemuCommandLine.CardWords], names.Where(other => other != name)).ShouldNotBe(CardBuilder.Key);
        }
    }

    [Fact]
    public void Scripts_come_out_of_the_assembly_executable_and_other_files_not()
    {
        using var folder = new Support.TemporaryFolder();
        Embedded.UnpackFolder("Guest/Hardware/", folder.Path);

        File.GetUnixFileMode(folder.File("Scripts/air")).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
        File.GetUnixFileMode(folder.File("Units/virtual-pi-air.service")).HasFlag(UnixFileMode.UserExecute).ShouldBeFalse();
    }
}
