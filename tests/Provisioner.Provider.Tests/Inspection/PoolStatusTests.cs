using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Tests.Inspection;

/// <summary>Headings of <c>zpool status</c> and <c>zpool list -v</c> are told from pools by their place: a pool may have such a name.</summary>
public sealed class PoolStatusTests
{
    // As a real ZFS printed it for a pool called cache; the class of special devices as OpenZFS adds it.
    private const string Status = """
          pool: NAME
         state: ONLINE
        config:

        	NAME        STATE     READ WRITE CKSUM
        	NAME        ONLINE       0     0     0
        	  /dev/sda  ONLINE       0     0     0
        	special
        	  mirror-1  ONLINE       0     0     0
        	    /dev/sdd  ONLINE       0     0     0
        	    /dev/sde  ONLINE       0     0     0
        	logs
        	  /dev/sdb  ONLINE       0     0     0
        	spares
        	  /dev/sdc  AVAIL   

        errors: No known data errors

        """;

    [Theory]
    [InlineData("cache")]
    [InlineData("special")]
    [InlineData("logs")]
    [InlineData("spares")]
    [InlineData("NAME")]
    [InlineData("lamp")]
    public void A_pool_with_the_name_of_a_heading_is_read_as_any_other(string name)
    {
        // Two, so that the second begins anew.
        var pools = PoolStatus.Parse(Status.Replace("NAME        ONLINE", $"{name}        ONLINE", StringComparison.Ordinal).Replace("pool: NAME", $"pool: {name}", StringComparison.Ordinal)
            + Status.Replace("NAME        ONLINE", "second      ONLINE", StringComparison.Ordinal).Replace("pool: NAME", "pool: second", StringComparison.Ordinal));
        pools.Select(pool => pool.Name).ShouldBe([name, "second"]);
        foreach (var pool in pools)
        {
            pool.Rows.Select(row => $"{row.Role} {row.Depth} {row.Name}").ShouldBe(
                ["data 0 /dev/sda", "special 0 mirror-1", "special 1 /dev/sdd", "special 1 /dev/sde", "logs 0 /dev/sdb", "spares 0 /dev/sdc"]);
        }
    }

    [Fact]
    public void Devices_below_a_heading_of_zpool_list_belong_to_the_pool_above_it()
    {
        var vdevs = DiskParser.Vdevs("cache\t77\n\t/dev/sda2\nlogs                 -      -      -        -         -\n\t/dev/sdb1\nlamp\t88\n\t/dev/sdc1\n");
        vdevs.Devices.ShouldBe([("/dev/sda2", "cache"), ("/dev/sdb1", "cache"), ("/dev/sdc1", "lamp")]);
    }

    [Theory]
    [InlineData("cache")]
    [InlineData("special")]
    [InlineData("dedup")]
    [InlineData("logs")]
    [InlineData("logbook")]
    public void Names_that_ZFS_makes_are_taken(string name) => ZfsNames.PoolProblem(name).ShouldBeNull();

    [Theory]
    [InlineData("log")]
    [InlineData("mirror")]
    [InlineData("mirrors")]
    [InlineData("raidz1")]
    [InlineData("draid")]
    [InlineData("spares")]
    public void Names_that_ZFS_keeps_for_itself_are_not(string name) => ZfsNames.PoolProblem(name).ShouldNotBeNull();
}
