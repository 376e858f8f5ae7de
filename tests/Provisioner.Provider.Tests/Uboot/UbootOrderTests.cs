using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.FirstBoot;

namespace Provisioner.Provider.Tests.Uboot;

/// <summary>Which system the Pi's real U-Boot starts, with the card in its slot throughout. See <see cref="PiThree"/> for what differs from a board.</summary>
[Collection(UbootCollection.Name)]
public sealed class UbootOrderTests : IDisposable
{
    private const string FromCard = "/boot/extlinux/../nixos/card-kernel";
    private const string FromSsd = "/extlinux/../nixos/ssd-kernel";

    private readonly Media _media = new();

    public void Dispose() => _media.Dispose();

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public async Task A_card_in_the_slot_comes_before_the_SSD_but_once_after_U_Boot_was_asked(string suite)
    {
        var pi = new PiThree(suite);
        await _media.RunAsync(FirstBootScripts.AskUbootOnce(_media.AsFound.EnvironmentPartition!), UbootEnvironment.UsbOnce.ToArray());
        await _media.WriteAsync();

        (await pi.StartAsync(_media.Card, _media.Disk, "card-kernel")).Distinct().ShouldBe([FromSsd, FromCard], "the SSD first, and the card when the SSD cannot be started");
        (await _media.HasEnvironmentAsync()).ShouldBeFalse("it was for one start");
        (await pi.StartAsync(_media.Card, _media.Disk, "ssd-kernel")).ShouldBe([FromCard, FromSsd], "U-Boot's own order");
    }

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public async Task A_retired_card_is_passed_over_for_the_SSD(string suite)
    {
        foreach (var folder in _media.AsFound.FileSystems)
        {
            await _media.RunAsync(Shell.Of($"m={folder}\n{FirstBootScripts.Disable}"));
        }

        await _media.WriteAsync();

        (await new PiThree(suite).StartAsync(_media.Card, _media.Disk, "ssd-kernel")).ShouldBe([FromSsd]);
    }
}

/// <summary>Alone, behind all others: the emulated board has four processors, all of them busy, and others wait for answers within seconds.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class UbootCollection
{
    public const string Name = "uboot";
}
