using System.Text.Json;
using EndToEnd.Tests.Secrets;
using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Disks;

/// <summary>A Pi with a mirror of two disks of one model, in a program that every test gives a list of file systems.</summary>
public sealed class Mirror(FrozenPiFixture fixture) : IAsyncLifetime
{
    public const string Pool = "tank";

    internal static readonly PiDisk First = new("MIRROR1") { Bytes = 1 << 30 };
    internal static readonly PiDisk Second = new("MIRROR2") { Bytes = 1 << 30 };

    internal Lamp Lamp { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Lamp = await Lamp.NewAsync(fixture.Frozen);
        await Lamp.Pi.PlugAsync(First, TestContext.Current.CancellationToken);
        await Lamp.Pi.PlugAsync(Second, TestContext.Current.CancellationToken);
        Lamp.Project.UseNodeProgram(Path.Combine(Checkout.Folder, "tests", "EndToEnd.Tests", "Disks", "Storage"));
        await DescribeAsync();
        (await Lamp.Project.UpAsync()).Ended(0);
    }

    public async ValueTask DisposeAsync() => await Lamp.DisposeAsync();

    /// <summary>Has the program describe the mirror with these file systems.</summary>
    /// <param name="second">Another second disk.</param>
    /// <param name="datasets">What <c>index.js</c> takes for each.</param>
    internal async Task DescribeAsync(PiDisk? second = null, params object[] datasets)
    {
        PiDisk[] disks = [First, second ?? Second];
        var storage = new { disks = disks.Select(disk => new { byId = disk.ById, serial = disk.Serial }), layout = "mirror", datasets };
        (await Lamp.Project.TypeAsync("config", "set", "storage", JsonSerializer.Serialize(storage))).Ended(0);
    }
}

[Collection(DeviceCollection.Name)]
[Trait(Durations.Trait, Durations.Long)]
public sealed class StorageTests(Mirror mirror) : IClassFixture<Mirror>
{
    private const string Key = "canary of the cellar";

    private readonly Lamp _lamp = mirror.Lamp;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disk_that_was_pulled_from_a_mirror_is_named_and_taken_back_when_it_is_plugged_in()
    {
        await mirror.DescribeAsync(datasets: new { name = "kept" });
        (await _lamp.Project.UpAsync()).Ended(0);

        await _lamp.Pi.UnplugAsync(Mirror.Second.Serial, Cancellation);
        await HealthComesToAsync("DEGRADED");
        (await _lamp.Project.PreviewAsync("--expect-no-changes")).Ended(7).Said("DEGRADED", "Plug the disk in", Mirror.Second.Serial);
        (await _lamp.Project.UpAsync()).Ended(1).Said("Refused to", Mirror.Second.ById);

        await _lamp.Pi.PlugAsync(Mirror.Second, Cancellation);
        (await _lamp.Project.UpAsync()).Ended(0);
        await HealthComesToAsync("ONLINE");
        (await _lamp.Project.UpAsync("--expect-no-changes")).Ended(0);
    }

    [Fact]
    public async Task A_disk_with_another_serial_number_than_the_program_says_is_not_touched()
    {
        await mirror.DescribeAsync(second: Mirror.Second with { Serial = "MIRROR3" });

        (await _lamp.Project.UpAsync()).Ended(1).Said("Refused to", "MIRROR3");

        (await _lamp.SaysAsync($"zpool list -H -o health {Mirror.Pool}")).ShouldBe("ONLINE");
        await mirror.DescribeAsync();
        (await _lamp.Project.UpAsync()).Ended(0);
    }

    [Fact]
    public async Task Two_hundred_file_systems_are_read_with_one_dial_and_one_command_as_four_are()
    {
        await _lamp.SaysAsync($"for i in $(seq 200); do zfs create -o mountpoint=legacy {Mirror.Pool}/many-$i; done");
        foreach (var count in (int[])[4, 200])
        {
            await mirror.DescribeAsync(datasets: [.. Enumerable.Range(1, count).Select(number => new { name = $"many-{number}", properties = new { mountpoint = "legacy" } })]);
            (await _lamp.Project.UpAsync()).Ended(0);

            (await _lamp.Project.PreviewAsync("--expect-no-changes", "--verbose")).Ended(0).Said("1 dial, 1 exec");
        }
    }

    [Fact]
    public async Task An_encrypted_file_system_gets_its_key_through_stdin_and_again_after_it_was_unloaded()
    {
        (await _lamp.Project.TypeAsync(Key + "\n", CancellationToken.None, "config", "set", "datasetKey", "--secret")).Ended(0);
        await mirror.DescribeAsync(datasets: new { name = "safe", encrypted = true, properties = new { mountpoint = "none" } });
        (await _lamp.Project.UpAsync()).Ended(0);
        (await _lamp.SaysAsync($"zfs get -H -o value encryption,keystatus {Mirror.Pool}/safe")).Split('\n').ShouldBe(["aes-256-gcm", "available"]);

        await _lamp.SaysAsync($"zfs unload-key {Mirror.Pool}/safe");
        (await _lamp.Project.PreviewAsync("--expect-no-changes")).Ended(7).Said("load-key");
        (await _lamp.Project.UpAsync()).Ended(0);

        (await _lamp.SaysAsync($"zfs get -H -o value keystatus {Mirror.Pool}/safe")).ShouldBe("available");
        foreach (var form in SecretForms.Of(Key))
        {
            _lamp.Project.Everything.ShouldNotContain(form);
            (await File.ReadAllTextAsync(_lamp.Project.StateFile, Cancellation)).ShouldNotContain(form);
        }
    }

    [Fact]
    public async Task A_file_system_is_destroyed_only_with_consent_for_what_is_in_it_and_a_checkpoint_is_taken_first()
    {
        var gone = new { name = "gone", onDelete = "destroy", properties = new { mountpoint = "/gone" } };
        await mirror.DescribeAsync(datasets: gone);
        (await _lamp.Project.UpAsync()).Ended(0);
        var at = await _lamp.SaysAsync($"zfs get -H -o value mountpoint {Mirror.Pool}/gone");
        await _lamp.SaysAsync($"echo a picture >{at}/picture && zpool sync {Mirror.Pool}");

        await mirror.DescribeAsync();
        var refused = (await _lamp.Project.UpAsync()).Ended(1).Said($"Refused to destroy {Mirror.Pool}/gone");
        (await _lamp.SaysAsync($"cat {at}/picture")).ShouldBe("a picture");

        await mirror.DescribeAsync(datasets: gone);
        await ConsentCommand.In(refused).TypeAsync(_lamp.Project);
        (await _lamp.Project.UpAsync()).Ended(0);
        await mirror.DescribeAsync();
        (await _lamp.Project.UpAsync()).Ended(0).Said("a checkpoint of the pool", "--rewind-to-checkpoint");

        (await _lamp.SaysAsync($"zfs list -H -o name {Mirror.Pool}/gone 2>&1 || :")).ShouldContain("does not exist");
        (await _lamp.SaysAsync($"zpool get -H -o value checkpoint {Mirror.Pool}")).ShouldNotBe("-");
        await _lamp.SaysAsync($"zpool checkpoint -d {Mirror.Pool}");
        (await _lamp.Project.UpAsync("--expect-no-changes")).Ended(0);
    }

    [Fact]
    public async Task A_file_system_is_not_mounted_over_the_home_of_the_login_and_a_backup_tool_s_property_is_left_alone()
    {
        await _lamp.SaysAsync($"zpool export {Mirror.Pool} && zpool import -N {Mirror.Pool} && zfs create -o mountpoint=legacy {Mirror.Pool}/planned");
        await _lamp.SaysAsync($"zfs set org.example:plan=\"$(printf '1d=>1h\\n1w=>1d')\" {Mirror.Pool}/planned");
        await mirror.DescribeAsync(datasets: [new { name = "planned", properties = new { mountpoint = "legacy" } }, new { name = "cover", properties = new { mountpoint = "/root" } }]);

        (await _lamp.Project.UpAsync()).Ended(1).Said($"Refused to mount {Mirror.Pool}/cover at /root", "the home of root, who logs in here");

        (await _lamp.SaysAsync($"zfs list -H -o name {Mirror.Pool}/cover 2>&1 || :")).ShouldContain("does not exist");
        (await _lamp.SaysAsync($"zfs get -H -o value org.example:plan {Mirror.Pool}/planned")).ShouldBe("1d=>1h\n1w=>1d");
        await _lamp.SaysAsync($"zpool export {Mirror.Pool}");
        await mirror.DescribeAsync();
        (await _lamp.Project.UpAsync()).Ended(0);
    }

    private async Task HealthComesToAsync(string health) => await _lamp.SaysAsync(
        $"timeout 90 sh -c 'until [ \"$(zpool list -H -o health {Mirror.Pool})\" = {health} ]; do sleep 1; zfs set test:touched=\"$(date)\" {Mirror.Pool}; zpool sync {Mirror.Pool}; done'");
}
