using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Disk;

namespace Provisioner.Provider.Tests.Resources.Disks;

public sealed class DiskRulesTests
{
    private const string Guid1 = "aaaaaaaa-0000-4000-8000-000000000001";
    private const string Guid2 = "aaaaaaaa-0000-4000-8000-000000000002";

    public static TheoryData<string, string> Odd => new()
    {
        { nameof(DiskArgs.ById), "/dev/disk/by-id/usb-x" },
        { nameof(DiskArgs.ById), "/dev/sda" },
        { nameof(DiskArgs.ById), "" },
        { nameof(DiskArgs.ById), ".." },
        { nameof(DiskArgs.ById), "usb-x-part1" },
        { nameof(DiskArgs.Serial), "" },
        { nameof(DiskArgs.Serial), " S1" },
        { nameof(DiskArgs.Serial), "S1\"" },
        { nameof(DiskArgs.Serial), "S$1" },
        { nameof(DiskArgs.EspLabel), "boot" },
        { nameof(DiskArgs.EspLabel), "" },
        { nameof(DiskArgs.EspLabel), "TWELVE-CHARS" },
        { nameof(DiskArgs.EspPartitionId), "not a guid" },
        { nameof(DiskArgs.EspPartitionLabel), "" },
        { nameof(DiskArgs.EspPartitionLabel), "two words" },
        { nameof(DiskArgs.EspPartitionLabel), "a/b" },
        { nameof(DiskArgs.EspPartitionLabel), "a-name-of-more-than-thirty-six-letters" },
        { nameof(DiskArgs.EspPartitionLabel), "unfinished-x" },
    };

    [Fact]
    public void Good_inputs_are_taken()
    {
        Problems(DiskWorld.Args).ShouldBeEmpty();
        Problems(DiskWorld.Args with { EspPartitionId = Guid1, PoolPartitionId = Guid2, EspSizeMiB = 64, EspLabel = "A_1-Z" }).ShouldBeEmpty();
        Problems(DiskWorld.Args with { EspPartitionId = Guid1, PoolPartitionId = Guid2, Tool = DiskTool.Disko, DiskoFile = "{ }" }).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public void Odd_texts_are_refused_with_the_value_and_the_way_out(string property, string value)
    {
        var args = property switch
        {
            nameof(DiskArgs.ById) => DiskWorld.Args with { ById = value },
            nameof(DiskArgs.Serial) => DiskWorld.Args with { Serial = value },
            nameof(DiskArgs.EspLabel) => DiskWorld.Args with { EspLabel = value },
            nameof(DiskArgs.EspPartitionLabel) => DiskWorld.Args with { EspPartitionLabel = value },
            _ => DiskWorld.Args with { EspPartitionId = value, PoolPartitionId = Guid2 },
        };

        Problems(args).ShouldHaveSingleItem().Length.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData(63)]
    [InlineData(65537)]
    [InlineData(-1)]
    public void A_size_that_no_FAT32_has_is_refused(int size) => Problems(DiskWorld.Args with { EspSizeMiB = size }).ShouldHaveSingleItem().ShouldContain($"but is {size}");

    [Fact]
    public void What_goes_together_comes_together()
    {
        Problems(DiskWorld.Args with { EspPartitionId = Guid1 }).ShouldHaveSingleItem().ShouldContain("give both");
        Problems(DiskWorld.Args with { EspPartitionId = Guid1, PoolPartitionId = Guid1.ToUpperInvariant() }).ShouldHaveSingleItem().ShouldContain("the same");
        Problems(DiskWorld.Args with { EspPartitionLabel = "X", PoolPartitionLabel = "X" }).ShouldHaveSingleItem().ShouldContain("for both partitions");
        Problems(DiskWorld.Args with { EspPartitionId = Guid1, PoolPartitionId = Guid2, EspPartitionLabel = "ESP" }).ShouldHaveSingleItem().ShouldContain("leave one of the two out");
        Problems(DiskWorld.Args with { DiskoFile = "{ }" }).ShouldHaveSingleItem().ShouldContain("tool is \"native\"");
        Problems(DiskWorld.Args with { Tool = DiskTool.Disko, DiskoFile = "{ }" }).ShouldHaveSingleItem().ShouldContain("needs espPartitionId");
    }

    private static string[] Problems(DiskArgs args) => [.. DiskRules.All.Select(rule => rule.Problem(args)).OfType<string>()];
}
