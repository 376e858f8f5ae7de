using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Jobs;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.NixosSystem.Elsewhere;
using Provisioner.Provider.Resources.ZfsPool;
using Provisioner.Provider.Tests.Resources.Zfs;

namespace Provisioner.Provider.Tests.Hostile;

/// <summary>A device that answers with what no device says: not readable, with the place, and at once.</summary>
public sealed class HostileDeviceTests
{
    private const string Word = "00112233445566778899aabbccddeeff";

    private static readonly string Fixture = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Inspection", "Fixtures", "virtual-pi-zfs.txt"));

    /// <summary>With work that grows with the square of it, this takes hours.</summary>
    [Fact]
    public void A_hundred_thousand_devices_in_a_pool_are_read_and_planned_for()
    {
        const int count = 100_000;
        var status = new StringBuilder("  pool: lamp\n state: DEGRADED\nstatus: x\n").Insert(36, "\tmore of it\n", 1000).Append("config:\n\tlamp ONLINE 0 0 0\n");
        var guids = new StringBuilder("  pool: lamp\nconfig:\n\tlamp ONLINE 0 0 0\n");
        for (var index = 0; index < count; index++)
        {
            status.Append(CultureInfo.InvariantCulture, $"\t  /dev/d{index} OFFLINE 1 0 0\n");
            guids.Append(CultureInfo.InvariantCulture, $"\t  {index + 1} OFFLINE 1 0 0\n");
        }

        var facts = Parse(With(With(Fixture, "zfs-status", status.ToString()), "zfs-guids", guids.ToString()));
        var state = PoolObserver.Observe(ZfsWorld.Pool, null, facts);
        var known = state with { Guid = facts.Zfs.Pools[0].Guid, Situation = state.Situation with { KnownVdevs = [.. Enumerable.Range(count, count).Select(index => $"{index}")] } };
        state = PoolObserver.Observe(ZfsWorld.Pool, known, facts);

        facts.Zfs.Pools.ShouldHaveSingleItem().Vdevs.Length.ShouldBe(count);
        state.Errors.ShouldBe(count);
        ZfsPoolPlanner.Plan(ZfsWorld.Pool, state).Changes.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("zfs-status", "  pool: lamp\nconfig:\n\tlamp ONLINE 0 0 0\n  pool: lamp\n", "line 4 of what zpool status says is not readable: a pool is named twice")]
    [InlineData("zfs-status", "  pool: lamp\nconfig:\n\tlamp ONLINE 0 0 0\n\t  /dev/sda2\n", "line 4 of what zpool status says is not readable: a device without a state")]
    [InlineData("zfs-status", "  pool: lamp\nconfig:\n\tlamp ONLINE 0 0 0\n\t  /dev/sda2 ONLINE 0 0 0\n", "of lamp it shows 1 devices by name and 3 by number")]
    [InlineData("zfs-datasets", "lamp\n\tguid\t1\t-\nlamp\tguid\t1\nwhole", "line 3 of what zfs get says is not readable: neither a dataset nor a property of one")]
    [InlineData("zfs-datasets", "\tguid\t1\t-\nwhole", "line 1 of what zfs get says is not readable")]
    public void Odd_answers_of_ZFS_are_not_readable_and_nothing_is_concluded_from_them(string part, string answer, string expected)
    {
        var facts = Parse(With(Fixture, part, answer));

        facts.Zfs.Blind.ShouldNotBeNull().ShouldContain(expected);
        facts.Zfs.Pools.ShouldBeEmpty();
        var state = PoolObserver.Observe(ZfsWorld.Pool, null, facts);
        state.Health.ShouldBe(PoolObserver.Unknown);
        ZfsPoolPlanner.Plan(ZfsWorld.Pool, state).Refusals.ShouldHaveSingleItem().Why.ShouldNotBeNull().ShouldContain(expected);
    }

    [Theory]
    [InlineData("KNAME=\"sda\" PATH=\"/dev/sda\" TYPE=\"disk\" SIZE=\"1\"\nKNAME=\"\" TYPE=\"part\" PKNAME=\"sda\"", "line 2 of what the device says of /dev/sda is not readable")]
    [InlineData("KNAME=\"sda\" PATH=\"/dev/sda\" TYPE=\"disk\" SERIAL=\"cut of", "line 1 of what the device says of /dev/sda is not readable")]
    [InlineData("KNAME=\"sda\" PATH=\"/dev/sda\" TYPE=\"disk\"\n/dev/sda: PTTYPE=\"gpt", "line 2 of what the device says of /dev/sda is not readable")]
    [InlineData("KNAME=\"sda\" PATH=\"/dev/sda\" TYPE=\"disk\"\ncopy sda NR=\"1\" SECTORS=\"9223372036854775807\" NAME=\"x", "line 2 of what the device says of /dev/sda is not readable")]
    public void Odd_answers_of_lsblk_and_blkid_leave_their_disk_alone(string answer, string expected) =>
        DiskParser.Disk("sda", answer, Array.Empty<string>().ToLookup(name => name)).ShouldNotBeNull().Unreadable.ShouldHaveSingleItem().ShouldBe(expected);

    [Theory]
    [InlineData("uptime", "-Infinity 0")]
    [InlineData("uptime", "NaN")]
    [InlineData("clock", "-1e300")]
    [InlineData("clock", "∞")]
    [InlineData("memory", "MemTotal: 9223372036854775807 kB")]
    [InlineData("boot-mode", "ffffffff")]
    [InlineData("account", "uid=99999999999999(x)")]
    [InlineData("profiles /etc/NetworkManager/system-connections", "names 00\n   \nstat\nread 0 0\nkeys 2f0a\nsecret\nsecret")]
    [InlineData("zfs-state nothing", "SUSPENDED")]
    [InlineData("room", "a b c 9223372036854775807 e f")]
    public void Numbers_and_lines_that_are_none_cost_their_part_alone(string part, string answer) => Parse(With(Fixture, part, answer)).HostName.ShouldBe(Parse(Fixture).HostName);

    [Fact]
    public void A_part_of_more_lines_than_any_device_has_is_named() =>
        Should.Throw<FormatException>(() => Parse(With(Fixture, "nm-scan", new StringBuilder().Insert(0, ":48:1:\n", 30_000).ToString())))
            .Message.ShouldBe("the part \"nm-scan\" of the device's answer has more than 20000 lines");

    [Fact]
    public async Task What_is_no_answer_at_all_is_an_error_with_the_place_and_the_way_out()
    {
        var failure = await Should.ThrowAsync<DeviceUnreadableException>(() => new DeviceInspection(RandomNumberGenerator.Fill).ReadAsync(new Chatter(), default));

        failure.Code.ShouldBe("device.unreadable");
        failure.Message.ShouldContain("the device's answer breaks off after 5 bytes");
    }

    [Fact]
    public void Times_and_sizes_of_jobs_and_closures_have_bounds()
    {
        JobProgress.Parse("state running\nuptime 9223372036854775807\nstep 1 begin 0\n"u8).Elapsed.ShouldBeGreaterThan(TimeSpan.Zero);
        JobProgress.Durations("build 9223372036854775807").ShouldContainKey("build");
        Should.Throw<FormatException>(() => Closure.Parse("/nix/store/a\n9223372036854775807 /nix/store/a\n"));
    }

    private static DeviceFacts Parse(string answer) => DeviceFactsParser.Parse(answer, Word, DigestKey.Create(RandomNumberGenerator.Fill));

    /// <summary>The answer with another part.</summary>
    private static string With(string answer, string part, string content) =>
        answer.Replace($"\n--{Word} end", $"\n--{Word} {part}\n{content}\n--{Word} end", StringComparison.Ordinal);

    /// <summary>A double of a device whose shell answers with something else, and well.</summary>
    private sealed class Chatter : IRemote
    {
        public DeviceAddress Address { get; } = DeviceAddress.Parse("local:");

        public TimeSpan DialPatience => TimeSpan.Zero;

        public long Generation => 0;

        public Task QuietAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task<IDisposable> AloneAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ScriptResult> RunAsync(Script script, CancellationToken cancellation) => Task.FromResult(new ScriptResult(0, "hello"u8.ToArray(), string.Empty));
    }
}
