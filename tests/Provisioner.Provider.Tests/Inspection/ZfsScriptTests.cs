using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Tests.Resources;
using Provisioner.Provider.Tests.Resources.Zfs;

namespace Provisioner.Provider.Tests.Inspection;

/// <summary>The real script under a real sh, with commands of ZFS that fail or do not end: what was cut off is not what is gone.</summary>
public sealed class ZfsScriptTests : IDisposable
{
    private const string Word = "0123456789abcdef0123456789abcdef";
    private const string Datasets = "printf 'lamp\\tguid\\t1\\t-\\nlamp/home\\tguid\\t2\\t-\\n'";

    private readonly TemporaryRoot _root = new();
    private readonly DigestKey _key = DigestKey.Create(RandomNumberGenerator.Fill);

    public ZfsScriptTests()
    {
        _root.Write("/sys/module/zfs/version", "2.3.9-1\n");
        Directory.CreateDirectory(_root.At("/run"));
        Tool("zpool", "case $1 in get) printf 'lamp\\tguid\\t7\\t-\\n' ;; status) printf '  pool: lamp\\n' ;; esac");
        Tool("zfs", Datasets);

        // As long as the script says, but in tenths of a second.
        Tool("timeout", "s=$1; shift; exec /usr/bin/timeout \"$((s / 10)).$((s % 10))\" \"$@\"");
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task What_ended_well_is_told()
    {
        var facts = await InspectAsync();
        facts.Zfs.Blind.ShouldBeNull();
        facts.Zfs.Pools.ShouldHaveSingleItem().Guid.ShouldBe("7");
        facts.Zfs.Datasets.Select(dataset => dataset.Name).ShouldBe(["lamp", "lamp/home"]);
    }

    [Theory]
    [InlineData("zfs", "exec sleep 60", "zfs get did not end within 45 s on the device, so that not all of ZFS is known")]
    [InlineData("zfs", "exit 1", "zfs get failed (exit code 1) on the device, so that not all of ZFS is known")]
    [InlineData("zpool", "case $1 in get) exec sleep 60 ;; esac", "zpool get did not end within 8 s on the device, so that not all of ZFS is known")]
    [InlineData("zpool", "case $1 in get) exit 1 ;; esac", "zpool get failed (exit code 1) on the device, so that not all of ZFS is known")]
    [InlineData("zpool", "case $* in 'status -pLP') exec sleep 60 ;; esac", "zpool status did not end within 8 s on the device, so that not all of ZFS is known")]
    [InlineData("zpool", "case $* in 'status -pg') exit 3 ;; esac", "zpool status failed (exit code 3) on the device, so that not all of ZFS is known")]
    [InlineData("awk", "cat >/dev/null; exit 9", "awk failed (exit code 9) on the device, so that not all of ZFS is known")]
    public async Task A_command_that_is_cut_off_or_fails_leaves_all_of_ZFS_unknown(string tool, string does, string why)
    {
        Tool(tool, tool == "zfs" ? $"{Datasets}\n{does}" : does);
        var facts = await InspectAsync();
        (facts.Zfs.Blind, facts.Zfs.Pools.Length, facts.Zfs.Datasets.Length).ShouldBe((why, 0, 0));
    }

    /// <summary>As ZFS prints it: its own properties first, a dataset's type ahead of all, users' own last. The values are what somebody set.</summary>
    [Theory]
    [InlineData("1d=>1h\n1w=>1d")]
    [InlineData("a tab\tand\t\tmore")]
    [InlineData("one\nlamp/fake\tguid\t1\t-\nlamp/home\tquota\t5\tlocal\nx\tlocal")]
    [InlineData("\n\n")]
    [InlineData("100%0A of it")]
    [InlineData("lamp@old\tguid\t1\t-")]
    [InlineData("")]
    public async Task A_value_of_several_lines_is_kept_whole_and_read_as_nothing_else(string value)
    {
        await File.WriteAllTextAsync(
            _root.At("/answer"),
            $"lamp\ttype\tfilesystem\t-\nlamp\tguid\t1\t-\nlamp/home\ttype\tfilesystem\t-\nlamp/home\tguid\t2\t-\nlamp/home\tquota\t7\tlocal\n"
                + $"lamp/home\torg.example:plan\t{value}\tlocal\nlamp/home\ta:b\tinherited by others\tinherited from lamp\nlamp/home\tother:one\tfrom a copy\treceived\n"
                + "lamp/home@now\ttype\tsnapshot\t-\nlamp/home@now\tcreatetxg\t9\t-\nlamp/home@now\tguid\t3\t-\nlamp/home@now\treferenced\t8\t-\nlamp/zz\ttype\tfilesystem\t-\nlamp/zz\tguid\t4\t-\n",
            TestContext.Current.CancellationToken);
        Tool("zfs", $"cat {_root.At("/answer")}");

        var facts = await InspectAsync();

        facts.Zfs.Blind.ShouldBeNull();
        facts.Zfs.Datasets.Select(dataset => $"{dataset.Name} {dataset.Guid}").ShouldBe(["lamp 1", "lamp/home 2", "lamp/zz 4"]);
        facts.Zfs.Datasets[1].Local.ShouldBe(ZfsWorld.Map(("quota", "7"), ("org.example:plan", value), ("other:one", "from a copy")));
        facts.Zfs.Snapshots.Select(snapshot => snapshot.Name).ShouldBe(["lamp/home@now"]);
    }

    [Fact]
    public async Task A_pool_s_own_property_of_several_lines_makes_no_other_pool()
    {
        Tool("zpool", "case $1 in get) printf 'lamp\\tsize\\t9\\t-\\nlamp\\tguid\\t7\\t-\\nlamp\\tmy:note\\tone\\nfake\\tguid\\t8\\t-\\nend\\tlocal\\n' ;; status) printf '  pool: lamp\\n' ;; esac");
        (await InspectAsync()).Zfs.Pools.ShouldHaveSingleItem().Properties["my:note"].Value.ShouldBe("one\nfake\tguid\t8\t-\nend");
    }

    [Fact]
    public async Task While_commands_of_an_earlier_look_hang_no_other_is_begun()
    {
        _root.Write("/run/provisioner-zfs", $"{Environment.ProcessId}\n");
        (await InspectAsync()).Zfs.Blind.ShouldBe("commands of ZFS that an earlier look began have still not ended on the device, as when a disk was pulled out under a pool");
    }

    private void Tool(string name, string text) => _root.Program($"/bin/{name}", text);

    private async Task<DeviceFacts> InspectAsync()
    {
        var result = await Sh.RunAsync(
            InspectionScript.Source, Encoding.ASCII.GetBytes($"{_key.Word}\n{Word}\n"), $"{_root.At("/bin")}:{Environment.GetEnvironmentVariable("PATH")}", _root.Path);
        return DeviceFactsParser.Parse(result.StandardOutput, Word, _key);
    }
}
