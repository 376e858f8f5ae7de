using System.Globalization;
using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Nixos;

/// <summary>Updates that would lock everybody out, on one installed lamp.</summary>
[Collection(DeviceCollection.Name)]
[Trait(Durations.Trait, Durations.Long)]
public sealed class FaultyUpdateTests(InstalledOnce once) : IClassFixture<InstalledOnce>
{
    // The least that leaves an emulated Pi the time to switch to a system that is good.
    private const int RollbackAfter = 90;

    // The switch back and the WiFi, joined anew, on an emulated processor; then our own look at how it went.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(3);

    private readonly Lamp _lamp = once.Installed.Lamp;

    private LampProject Project => _lamp.Project;

    [Theory]
    [InlineData("pi4-without-sshd", "we did not come back in time")]
    [InlineData("pi4-without-networkmanager", "we did not come back in time")]
    [InlineData("pi4-activation-hangs", "we did not come back in time")]
    [InlineData("pi4-activation-fails", "switch-to-configuration ended with exit code 2", "Activation script snippet 'fault' failed (1)")]
    public async Task An_update_that_would_lock_everybody_out_comes_back_by_itself_and_up_says_why(string system, params string[] words)
    {
        await SetAsync("rollbackAfter", RollbackAfter.ToString(CultureInfo.InvariantCulture));
        var (running, generation) = (await RunningAsync(), await GenerationAsync());
        var boot = await _lamp.SaysAsync("cat /proc/sys/kernel/random/boot_id");
        await SetAsync("system", system);

        var up = (await Project.UpAsync()).Ended(1).Said("The device has gone back to the system that ran before the switch").Said(words);

        TestContext.Current.TestOutputHelper?.WriteLine(up.Printed);
        (await RunningAsync()).ShouldBe(running);
        (await GenerationAsync()).ShouldBe(generation, "no profile leads to a system that was not confirmed");
        (await _lamp.SaysAsync("cat /proc/sys/kernel/random/boot_id")).ShouldBe(boot, "going back was enough");
        (await TookAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(RollbackAfter) + Grace);
        await _lamp.Pi.WaitForWifiAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await SetAsync("system", "pi4");
        await NothingIsLeftToDoAsync();
    }

    [Theory]
    [InlineData("pi4-kernel-does-not-boot")]
    [InlineData("pi4-kernel-panics")]
    public async Task A_kernel_that_does_not_come_up_is_started_once_and_the_one_before_after_it(string system)
    {
        await SetAsync("rollbackAfter", RollbackAfter.ToString(CultureInfo.InvariantCulture));
        var (running, generation) = (await RunningAsync(), await GenerationAsync());
        await SetAsync("system", system);

        (await Project.UpAsync()).Ended(1).Said("The device has gone back to the system that ran before the switch", "went back by a restart", "did not come up within reach with its kernel");

        (await RunningAsync()).ShouldBe(running);
        (await BootedAsync()).ShouldBe(running);
        (await GenerationAsync()).ShouldBe(generation);
        (await _lamp.SaysAsync("grep -o 'init=[^ ]*' /boot/extlinux/extlinux.conf | head -n 1")).ShouldBe($"init={running}/init", "the next start leads there too");
        await SetAsync("system", "pi4");
        await NothingIsLeftToDoAsync();
    }

    [Fact]
    public async Task Another_kernel_that_comes_up_is_kept_after_it_was_started_once()
    {
        await SetAsync("rollbackAfter", RollbackAfter.ToString(CultureInfo.InvariantCulture));
        var (running, generation) = (await RunningAsync(), await GenerationAsync());
        once.Installed.Edit("kernelWords", "loglevel=5");

        (await Project.UpAsync()).Ended(0);

        var updated = await RunningAsync();
        updated.ShouldNotBe(running);
        (await BootedAsync()).ShouldBe(updated);
        (await _lamp.SaysAsync("cat /proc/cmdline")).ShouldContain(" loglevel=5 ");
        (await GenerationAsync()).ShouldBe(generation + 1);
        (await _lamp.SaysAsync("grep -o 'init=[^ ]*' /boot/extlinux/extlinux.conf | head -n 1")).ShouldBe($"init={updated}/init");
        await NothingIsLeftToDoAsync();
    }

    [Fact]
    public async Task A_wrong_password_comes_back_by_itself_and_up_says_why()
    {
        await Project.SetWifiAsync(HouseWifi.Default with { Password = "not the password" });

        (await Project.UpAsync()).Ended(1).Said("went back", "password");

        await _lamp.Pi.WaitForWifiAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await _lamp.ProfileShouldBeInPlaceAsync();
        await Project.SetWifiAsync(HouseWifi.Default);
        await NothingIsLeftToDoAsync();
    }

    [Fact]
    public async Task An_update_that_is_good_is_another_generation_and_still_there_after_a_power_cut()
    {
        await SetAsync("rollbackAfter", RollbackAfter.ToString(CultureInfo.InvariantCulture));
        var (running, generation) = (await RunningAsync(), await GenerationAsync());
        once.Installed.Edit("label", "another");

        (await Project.UpAsync()).Ended(0);

        var updated = await RunningAsync();
        updated.ShouldNotBe(running);
        (await GenerationAsync()).ShouldBe(generation + 1);
        await NothingIsLeftToDoAsync();

        await _lamp.LosePowerAsync();
        (await RunningAsync()).ShouldBe(updated);
        (await BootedAsync()).ShouldBe(updated);
        await NothingIsLeftToDoAsync();
    }

    private async Task SetAsync(string key, string value) => (await Project.TypeAsync("config", "set", key, value)).Ended(0);

    private Task<string> RunningAsync() => _lamp.SaysAsync("readlink /run/current-system");

    private Task<string> BootedAsync() => _lamp.SaysAsync("readlink /run/booted-system");

    /// <summary>The number of the generation that the next start leads to.</summary>
    private async Task<int> GenerationAsync() => int.Parse(
        (await _lamp.SaysAsync("readlink /nix/var/nix/profiles/system")).Split('-')[1], CultureInfo.InvariantCulture);

    /// <summary>From the moment the device began to wait for us until it had gone back.</summary>
    private async Task<TimeSpan> TookAsync() => TimeSpan.FromSeconds(int.Parse(
        await _lamp.SaysAsync("cd /var/lib/provisioner/switch && echo $(($(stat -c %Y outcome) - $(stat -c %Y id)))"), CultureInfo.InvariantCulture));

    /// <summary>No changes, and nothing of what we keep on the device is written.</summary>
    private async Task NothingIsLeftToDoAsync()
    {
        await _lamp.SaysAsync("touch /run/mark");
        (await Project.UpAsync("--expect-no-changes")).Ended(0);
        (await _lamp.SaysAsync("find /etc /boot /var/lib/provisioner /root /nix/var/nix/profiles -newer /run/mark")).ShouldBe("");
    }
}
