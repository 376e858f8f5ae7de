using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Cards;

/// <summary>A card image as those for Pis are laid out, with real file systems in it: FAT at 8 MiB, ext4 behind it.</summary>
internal static class TestImage
{
    public const int FirmwareMiB = 16;
    public const int RootAt = 8 + FirmwareMiB;

    public static async Task<string> MakeAsync(TemporaryFolder folder, int rootMiB = 24)
    {
        var image = folder["card.img"];
        await using (var file = File.Create(image))
        {
            file.SetLength((RootAt + rootMiB) << 20);
        }

        var text = folder.Write("config.txt", "arm_64bit=1\n");
        await Tool.RunAsync("/bin/sh", "-c", $"""
            set -e
            printf 'label: dos\nlabel-id: 0x2178694e\nstart=16384, size={FirmwareMiB * 2048}, type=c, bootable\nstart={RootAt * 2048}, type=83\n' | /sbin/sfdisk -q {image}
            MTOOLS_SKIP_CHECK=1 mformat -i {image}@@8M -T {FirmwareMiB * 2048} -v FIRMWARE ::
            MTOOLS_SKIP_CHECK=1 mcopy -i {image}@@8M {text} ::config.txt
            /sbin/mke2fs -q -t ext4 -L NIXOS_SD -E offset={RootAt << 20},nodiscard {image} {rootMiB * 1024}k
            """);
        return image;
    }

    public static async Task<string> Sha256Async(string file) => (await Tool.RunAsync("sha256sum", file)).Split(' ')[0];
}
