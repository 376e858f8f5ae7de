using System.Text;
using System.Text.Json;
using CliWrap;
using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Secrets;

[Collection(DeviceCollection.Name)]
public sealed class SecretsTests(FrozenPiFixture fixture)
{
    // What each form does with it is different, so that none hides behind another.
    private static readonly HouseWifi House = new("Lamp Home", "ca'n\"ary $w1fi;pass\\word");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Neither_the_WiFi_password_nor_the_host_key_is_anywhere_where_another_can_read_it()
    {
        var planted = $"planted-{Guid.NewGuid():N}";
        var project = await LampProject.CreateBeforeThePiAsync(House);
        await using var control = new HostWatch([planted]);
        await using var passwordWatch = new HostWatch([.. SecretForms.Of(House.Password), House.DerivedKey]);

        // The identity first: the machine that is made then has it on its card.
        var (identity, _) = await project.MakeIdentityAsync();
        string[] forms = [.. SecretForms.Of(House.Password), House.DerivedKey, .. SecretForms.OfKey(identity.HostKeyPem)];
        await using var watch = new HostWatch(forms);
        await using var lamp = await Lamp.OfAsync(fixture.Frozen, project, identity, House);
        var guest = new GuestWatch(lamp);
        await guest.StartAsync([.. forms, planted]);

        (await project.PreviewAsync("--diff", "--verbose")).Ended(0);
        (await project.UpAsync("--verbose", "--diff")).Ended(0);
        (await project.TypeAsync("stack", "output")).Ended(0);
        (await project.PreviewAsync("--json")).Ended(0);
        (await lamp.SaysAsync($"cat '{Lamp.ProfilePath}'")).ShouldContain(House.DerivedKey, Case.Sensitive, "the canary has not come to the Pi, so this test shows nothing");

        await PlantAsync(lamp, planted, control, guest);
        await guest.StopAsync();
        passwordWatch.Seen.ShouldBeEmpty();
        watch.Seen.ShouldBeEmpty();
        watch.IsIn(Encoding.UTF8.GetBytes(project.Everything)).ShouldBeFalse("it was printed");
        Directory.EnumerateFiles(project.Folder, "*", SearchOption.AllDirectories).Where(file => watch.IsIn(File.ReadAllBytes(file))).ShouldBeEmpty();
        (await guest.SeenAsync()).Where(seen => !seen.Contains(planted, StringComparison.Ordinal)).ShouldBeEmpty();
        (await guest.FoundInFilesAsync()).ShouldBeEmpty();
        TestContext.Current.TestOutputHelper?.WriteLine($"{forms.Length} forms, {watch.Looks} looks here, {await guest.LooksAsync()} looks at the Pi");
    }

    [Fact]
    public void The_forms_of_a_secret_are_found_where_they_are()
    {
        var forms = SecretForms.Of("a'b\"c d\\").ToArray();

        forms.ShouldContain("a'b\"c d\\");
        forms.ShouldContain("YSdiImMgZFw");
        forms.ShouldContain("612762226320645c");
        forms.ShouldContain("a%27b%22c%20d%5C");
        forms.ShouldContain("a'b\\\"c d\\\\");
        forms.ShouldContain("a'\\''b\"c d\\");
    }

    /// <summary>The watchers must see what is there to be seen, or what they did not see says nothing.</summary>
    private static async Task PlantAsync(Lamp lamp, string planted, HostWatch control, GuestWatch guest)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var here = Cli.Wrap("sh").WithArguments(["-c", "sleep 600", planted]).WithValidation(CommandResultValidation.None).ExecuteAsync(stop.Token);
        await lamp.SaysAsync($"sh -c 'sleep 600; :' {planted} </dev/null >/dev/null 2>&1 &");
        await UntilAsync(() => Task.FromResult(control.Seen.Any(seen => seen.Contains("cmdline", StringComparison.Ordinal))));
        await UntilAsync(async () => (await guest.SeenAsync()).Any(seen => seen.Contains(planted, StringComparison.Ordinal)));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await here);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }
    }
}
