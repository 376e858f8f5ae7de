using CliWrap.Buffered;
using Provisioner.Provider.Tests.Remote;
using Provisioner.Provider.Tests.Resources;

namespace Provisioner.Provider.Tests.Flakes;

/// <summary>
/// The script that unpacks the identity card in the card's system, with real sfdisk, dd and tar on a file in the card's place.
/// What the kernel says of devices is a double: a folder instead of /sys, and findmnt that says what a test lays down. There is
/// no udev at all.
/// </summary>
public sealed class IdentityCardUnitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public IdentityCardUnitTests()
    {
        Sys("block/mmcblk0", "DEVNAME=mmcblk0\n");
        Sys("block/mmcblk0/mmcblk0p2", "DEVNAME=mmcblk0p2\n");
        File.WriteAllText(_folder["sys/block/mmcblk0/mmcblk0p2/partition"], "2\n");
        Directory.CreateDirectory(_folder["sys/dev/block"]);
        File.CreateSymbolicLink(_folder["sys/dev/block/179:2"], "../../block/mmcblk0/mmcblk0p2");
        Directory.CreateDirectory(_folder["dev"]);
        Directory.CreateDirectory(_folder["root/etc"]);
        Directory.CreateDirectory(_folder["bin"]);
        LiesOn("/ 179:2");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/ 179:2")]
    [InlineData("/ 0:31\n/nix/store 179:2")]
    [InlineData("/ 0:25\n/nix/.ro-store 179:2\n/nix/store 0:26")]
    public async Task The_card_s_files_are_laid_over_the_system(string mounts)
    {
        LiesOn(mounts);
        await CardAsync("start=2048, size=8192, type=da", Archive);

        var result = await RunAsync();

        result.ExitCode.ShouldBe(0, result.StandardError);
        result.StandardOutput.ShouldStartWith("took the identity of lamp from");
        (await File.ReadAllTextAsync(_folder["root/etc/hostname"])).ShouldBe("lamp\n");
    }

    [Fact]
    public async Task A_link_into_the_store_gives_way()
    {
        var store = _folder.Write("store-hostname", "bootstrap\n");
        File.CreateSymbolicLink(_folder["root/etc/hostname"], store);
        await CardAsync("start=2048, size=8192, type=da", Archive);

        (await RunAsync()).ExitCode.ShouldBe(0);
        (await File.ReadAllTextAsync(_folder["root/etc/hostname"])).ShouldBe("lamp\n");
        (await File.ReadAllTextAsync(store)).ShouldBe("bootstrap\n");
    }

    [Theory]
    [InlineData("start=2048, size=8192, type=83", "no identity card on")]
    [InlineData("start=2048, size=8192, type=da", "holds no archive")]
    public async Task A_card_without_an_identity_is_no_failure(string partition, string said)
    {
        await CardAsync(partition, "");

        var result = await RunAsync();

        result.ExitCode.ShouldBe(0, result.StandardError);
        result.StandardOutput.ShouldContain(said);
    }

    [Theory]
    [InlineData("/ 0:31", "lies on no disk")]
    [InlineData("", "lies on no disk")]
    [InlineData("/ 8:1", "the kernel does not tell of")]
    public async Task What_cannot_be_looked_at_is_a_failure(string mounts, string said)
    {
        LiesOn(mounts);
        await CardAsync("start=2048, size=8192, type=da", Archive);

        var result = await RunAsync();

        result.ExitCode.ShouldNotBe(0);
        result.StandardError.ShouldContain(said);
    }

    [Fact]
    public async Task A_disk_that_cannot_be_read_is_a_failure()
    {
        (await RunAsync()).ExitCode.ShouldNotBe(0);

        await File.WriteAllBytesAsync(_folder["dev/mmcblk0"], new byte[1 << 20], TestContext.Current.CancellationToken);
        (await RunAsync()).ExitCode.ShouldNotBe(0);
    }

    private string Archive => $"mkdir -p {_folder["card/etc"]} && echo lamp >{_folder["card/etc/hostname"]} && tar -c --format=ustar -C {_folder["card"]} etc/hostname | dd of={_folder["dev/mmcblk0"]} bs=512 seek=2048 conv=notrunc status=none";

    private async Task CardAsync(string partition, string more)
    {
        var disk = _folder["dev/mmcblk0"];
        var result = await Sh.RunSourceAsync($"truncate -s 16M {disk}\nprintf 'label: dos\\n3: {partition}\\n' | sfdisk -q {disk}\n{more}\n");
        result.ExitCode.ShouldBe(0, result.StandardError);
    }

    private async Task<BufferedCommandResult> RunAsync()
    {
        var root = OurFlakeTests.Folder;
        var script = (await File.ReadAllTextAsync(Path.Combine(root, "modules", "identity-card.sh"), TestContext.Current.CancellationToken))
            .Replace("/sys/dev/", $"{_folder["sys/dev/"]}", StringComparison.Ordinal)
            .Replace("disk=/dev/", $"disk={_folder["dev"]}/", StringComparison.Ordinal)
            .Replace("-C / ", $"-C {_folder["root"]} ", StringComparison.Ordinal)
            .Replace("/etc/hostname", _folder["root/etc/hostname"], StringComparison.Ordinal)
            .Replace("/proc/sys/kernel/hostname", _folder["hostname"], StringComparison.Ordinal);
        return await CliWrap.Cli.Wrap("bash").WithArguments([_folder.Write("identity-card.sh", script)])
            .WithEnvironmentVariables(variables => variables.Set("PATH", $"{_folder["bin"]}:/usr/sbin:/usr/bin:/sbin:/bin"))
            .WithValidation(CliWrap.CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Which file systems lie on which device: lines of a place and a number.</summary>
    private void LiesOn(string mounts)
    {
        var table = _folder.Write("mounts", mounts + "\n");
        var tool = _folder.Write("bin/findmnt", $"#!/bin/bash\nawk -v place=\"${{@: -1}}\" '$1 == place {{ print $2; found = 1 }} END {{ exit !found }}' {table}\n");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void Sys(string device, string uevent)
    {
        Directory.CreateDirectory(_folder[$"sys/{device}"]);
        File.WriteAllText(_folder[$"sys/{device}/uevent"], uevent);
    }
}
