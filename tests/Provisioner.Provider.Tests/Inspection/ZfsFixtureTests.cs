using System.Security.Cryptography;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.ZfsDataset;
using Provisioner.Provider.Resources.ZfsPool;
using Provisioner.Provider.Tests.Resources.Zfs;

namespace Provisioner.Provider.Tests.Inspection;

/// <summary>
/// An answer that a virtual Pi gave (Debian 13, ZFS 2.3.9): a mirror on two SSDs, five datasets, one of them encrypted, a
/// recursive snapshot, and a property of users' own that somebody set.
/// </summary>
public sealed class ZfsFixtureTests
{
    private const string Guid = "2726236984496354205";

    private static readonly DeviceFacts Facts = DeviceFactsParser.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Inspection", "Fixtures", "virtual-pi-zfs.txt")),
        "00112233445566778899aabbccddeeff",
        DigestKey.Create(RandomNumberGenerator.Fill));

    [Fact]
    public void The_pool_is_told_with_its_parts_by_GUID()
    {
        Facts.Zfs.Blind.ShouldBeNull();
        Facts.Zfs.HostId.ShouldBe(0x059ac353u);
        var pool = Facts.Zfs.Pools.ShouldHaveSingleItem();
        (pool.Name, pool.Guid, pool.Health, pool.AltRoot, pool.HasCheckpoint).ShouldBe(("lamp", Guid, "ONLINE", "/mnt", false));
        pool.Bytes("size").ShouldBe(4026531840);
        pool.Vdevs.ShouldBe(
        [
            new VdevState("13432704736710769418", "mirror", null, "ONLINE", 0, 0, "data"),
            new VdevState("1342184830745366871", "disk", "/dev/sda2", "ONLINE", 0, 1, "data"),
            new VdevState("6452845322950391936", "disk", "/dev/sdb2", "ONLINE", 0, 1, "data"),
        ]);
    }

    [Fact]
    public void Datasets_are_told_with_what_is_set_on_them_and_nothing_that_is_inherited()
    {
        Facts.Zfs.Datasets.Select(dataset => dataset.Name).ShouldBe(["lamp", "lamp/home", "lamp/nix", "lamp/root", "lamp/secret", "lamp/var"]);
        Facts.Zfs.Datasets[1].Local.ShouldBe(ZfsWorld.Map(("mountpoint", "legacy"), ("my:own", "some value"), ("quota", "1073741824")));
        var secret = Facts.Zfs.Datasets[4];
        (secret.Encryption, secret.EncryptionRoot, secret.KeyStatus).ShouldBe(("aes-256-gcm", "lamp/secret", "available"));
        Facts.Zfs.Snapshots.Length.ShouldBe(6);
        Facts.Zfs.Snapshots[0].ShouldBe(new SnapshotFacts("lamp@first", "7703021920877366487", 30, 98304));
    }

    [Fact]
    public void The_pool_is_adopted_with_a_lost_state_and_nothing_differs()
    {
        var args = ZfsWorld.Pool with { FileSystemProperties = ZfsWorld.Pool.FileSystemProperties.Add("com.sun:auto-snapshot", "true") };
        var state = PoolObserver.Observe(args, null, Facts);
        state.Guid.ShouldBe(Guid);
        ZfsPoolPlanner.Plan(args, state).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void A_property_of_users_own_that_somebody_else_set_is_left_alone()
    {
        var args = ZfsWorld.Home with { PoolGuid = Guid };
        var state = DatasetObserver.Observe(args, null, Facts);
        ZfsDatasetPlanner.Plan(args, state).Changes.ShouldBeEmpty();
        state.Drift.ShouldBeEmpty();
    }

    [Fact]
    public void One_that_the_program_set_last_goes_away_when_the_program_drops_it()
    {
        var args = ZfsWorld.Home with { PoolGuid = Guid };
        var plan = ZfsDatasetPlanner.Plan(args, DatasetObserver.Observe(args, null, Facts) with { UserProperties = ["my:own"] });
        plan.Changes.ShouldHaveSingleItem().Path.ShouldBe("properties[\"my:own\"]");
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldBe("zfs inherit my:own lamp/home");
    }
}
