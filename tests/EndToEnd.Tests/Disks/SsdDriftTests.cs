using System.Text.RegularExpressions;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Disks;

/// <summary>One machine with an SSD, brought up once: every test leaves it as it found it.</summary>
public sealed class SsdBroughtUp(FrozenPiFixture fixture) : IAsyncLifetime
{
    internal Lamp Lamp { get; private set; } = null!;

    /// <summary>The commands that the first up sent, and those that its preview had shown.</summary>
    internal IReadOnlyList<string> Ran { get; private set; } = [];

    internal string Previewed { get; private set; } = string.Empty;

    public async ValueTask InitializeAsync()
    {
        Lamp = await Ssd.NewLampAsync(fixture.Frozen);
        var tap = new CommandTap(Lamp);
        await tap.InstallAsync();
        Previewed = (await Lamp.Project.PreviewAsync("--debug")).Ended(0).Printed;
        await tap.LearnLooksAsync();
        (await Lamp.Project.UpAsync()).Ended(0);
        Ran = await tap.ChangesAsync();
        await Ssd.ShouldBeInPlaceAsync(Lamp);
    }

    public async ValueTask DisposeAsync() => await Lamp.DisposeAsync();
}

[Collection(DeviceCollection.Name)]
public sealed partial class SsdDriftTests(SsdBroughtUp broughtUp) : IClassFixture<SsdBroughtUp>
{
    private readonly Lamp _lamp = broughtUp.Lamp;

    [Fact]
    public async Task What_was_changed_by_hand_is_named_by_one_preview_and_put_back_by_one_up()
    {
        await _lamp.SaysAsync(
            $"""
            zfs set atime=on {Ssd.Pool}/home
            zfs inherit com.sun:auto-snapshot {Ssd.Pool}/nix
            zfs set quota=1G {Ssd.Pool}/var
            zfs set compression=lz4 {Ssd.Pool}
            zpool set autotrim=off {Ssd.Pool}
            zfs destroy {Ssd.Pool}/root
            """);

        (await _lamp.Project.PreviewAsync("--expect-no-changes", "--verbose")).Ended(7).Said(
            "1 dial, 1 exec", "atime", "com.sun:auto-snapshot", "quota", "compression", "lz4", "autotrim", $"{Ssd.Pool}/root");

        (await _lamp.Project.UpAsync()).Ended(0);
        await Ssd.ShouldBeInPlaceAsync(_lamp);
        (await _lamp.SaysAsync($"zfs get -H -o value atime,quota {Ssd.Pool}/home {Ssd.Pool}/var; zfs get -H -o source atime {Ssd.Pool}/home; zpool get -H -o value autotrim {Ssd.Pool}")).Split('\n')
            .ShouldBe(["off", "none", "off", "none", $"inherited from {Ssd.Pool}", "on"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_partition_table_that_was_changed_by_hand_is_named_and_put_back_without_touching_the_data()
    {
        await _lamp.SaysAsync($"zfs create -o mountpoint=legacy {Ssd.Pool}/home/kept && mkdir -p /run/kept && mount -t zfs {Ssd.Pool}/home/kept /run/kept && echo still here >/run/kept/file");
        try
        {
            await _lamp.SaysAsync($"sgdisk -c 1:somebody {Ssd.ById} >/dev/null; udevadm settle");

            (await _lamp.Project.PreviewAsync("--expect-no-changes")).Ended(7).Said("somebody");

            (await _lamp.Project.UpAsync()).Ended(0);
            (await _lamp.SaysAsync("cat /run/kept/file")).ShouldBe("still here");
        }
        finally
        {
            await _lamp.SaysAsync($"umount /run/kept && zfs destroy {Ssd.Pool}/home/kept");
        }
    }

    [Fact]
    public async Task Nothing_to_do_takes_one_dial_and_one_command() =>
        (await _lamp.Project.PreviewAsync("--expect-no-changes", "--verbose")).Ended(0).Said("1 dial, 1 exec");

    [Fact]
    public void Everything_that_up_ran_was_printed_by_the_preview()
    {
        broughtUp.Ran.Count.ShouldBeGreaterThan(5, "no commands were noted down");
        var printed = Flat(WithoutLastLook(broughtUp.Previewed));
        foreach (var command in broughtUp.Ran)
        {
            Regex.IsMatch(printed, Pattern(WithoutLastLook(ScriptOf(command))), RegexOptions.CultureInvariant).ShouldBeTrue($"the preview did not print this:\n{command}\n\nIt printed:\n{broughtUp.Previewed}");
        }
    }

    /// <summary>What stands behind the prelude.</summary>
    private static string ScriptOf(string command) => command.Split("set -eu\n", 2)[^1];

    /// <summary>
    /// Right in front of what overwrites something a script looks again, and changes nothing by that. Where a partition comes
    /// with this very up, there is nothing to look at yet when the preview prints the script, nor a node to hold, and it refuses there.
    /// </summary>
    private static string WithoutLastLook(string text) => LastLook().Replace(text, string.Empty);

    /// <summary>A pool's GUID and a digest of what is on a disk are not known before both are there.</summary>
    private static string Pattern(string script) => NotKnownBefore().Replace(Regex.Escape(Flat(script)), ".{1,80}?");

    /// <summary>Without line breaks and indentation, which are the display's.</summary>
    private static string Flat(string text) => Blanks().Replace(text, " ").Trim();

    [GeneratedRegex(@"[0-9a-f]{64}|'?\b[0-9]{15,20}\b'?", RegexOptions.CultureInvariant)]
    private static partial Regex NotKnownBefore();

    [GeneratedRegex(@"now=\$\(\s.*?exit 76\s+fi\s|printf 'nothing was done: %s was not among the disks.*?exit 66\s|^[ \t]*(?:leads|lies|hold)(?: (?:/\S+|'[^']+'))*[ \t]*$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex LastLook();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
