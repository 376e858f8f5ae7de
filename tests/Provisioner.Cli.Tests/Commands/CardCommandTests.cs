using CliWrap;
using CliWrap.Buffered;
using Newtonsoft.Json.Linq;

namespace Provisioner.Cli.Tests.Commands;

/// <summary>Cards laid out with sfdisk, tar and ssh-keygen, and told by <c>card show</c>.</summary>
public sealed class CardCommandTests
{
    private const string WifiKey = "8bd9e56d6a4bbd6a4bbd0c2b2a2f9d3c8bd9e56d6a4bbd6a4bbd0c2b2a2f9d3c";

    private const string Profile =
        $"""
        [connection]
        type=wifi
        [wifi]
        ssid=Lamp Home
        [wifi-security]
        key-mgmt=wpa-psk
        psk={WifiKey}

        """;

    [Fact]
    public async Task A_card_is_told_by_its_names_and_fingerprints_and_without_its_secrets()
    {
        using var world = NewWorld();
        var fingerprint = await MakeCardAsync(world, profileMode: "600");

        var told = (await world.RunAsync("card", "show", "card.img")).ShouldSucceed();

        told.ShouldContain("Card        bootable\n");
        told.ShouldContain("Hostname    lamp\n");
        told.ShouldContain("Host id     1badcafe\n");
        told.ShouldContain($"Host key    {fingerprint}\n");
        told.ShouldContain("WiFi        \"Lamp Home\" (wpa-psk)\n");
        told.ShouldContain($"Logins      ssh-ed25519 {fingerprint} a visitor\n");
        told.ShouldNotContain("Problem");
        ShouldHoldNoSecret(world, told);
    }

    [Fact]
    public async Task What_is_wrong_with_a_card_is_told_and_the_command_fails_in_JSON_too()
    {
        using var world = NewWorld();
        await MakeCardAsync(world, profileMode: "644");

        var result = await world.RunAsync("card", "show", "card.img", "--json");

        result.ExitCode.ShouldBe(1);
        var card = JObject.Parse(result.Output);
        card["problems"]!.Values<string>().ShouldHaveSingleItem()!.ShouldContain("has mode 0644 in place of 0600");
        card["hostname"]!.Value<string>().ShouldBe("lamp");
        ShouldHoldNoSecret(world, result.Output + result.Error);
    }

    [Theory]
    [InlineData("card.img.zst", "compressed")]
    [InlineData("nothing.img", "cannot be read")]
    public async Task What_is_no_card_is_refused_by_name(string name, string why)
    {
        using var world = NewWorld();
        if (name != "nothing.img")
        {
            world.Write(name, "not looked into");
        }

        var error = (await world.RunAsync("card", "show", name)).ShouldFail(1);

        error.ShouldContain(why);
        error.ShouldContain(world.PathOf(name));
    }

    private static TestWorld NewWorld()
    {
        var world = new TestWorld();
        var provider = Path.GetFullPath(Path.Combine(ThirdPartyEnds.Folder, "..", "..", "src", "Provisioner.Provider"));
        world.Write("Pulumi.yaml", $"name: lamp\nruntime: dotnet\nplugins:\n  providers:\n    - name: provisioner\n      path: {provider}\n");
        return world;
    }

    /// <summary>Makes card.img, and answers with its host key's fingerprint.</summary>
    private static async Task<string> MakeCardAsync(TestWorld world, string profileMode)
    {
        world.Write("profile", Profile);
        await RunAsync(world, "sh", "-eu", "-c",
            """
            mkdir -p card/etc/ssh card/etc/NetworkManager/system-connections card/root/.ssh
            ssh-keygen -q -t ed25519 -N '' -C 'a visitor' -f card/etc/ssh/ssh_host_ed25519_key
            cp card/etc/ssh/ssh_host_ed25519_key.pub card/root/.ssh/authorized_keys
            echo lamp >card/etc/hostname
            printf '\376\312\255\033' >card/etc/hostid
            cp profile 'card/etc/NetworkManager/system-connections/Lamp Home.nmconnection'
            chmod "$1" card/etc/NetworkManager/system-connections/*
            truncate -s 32M card.img
            printf '%s\n' 'label: dos' 'start=16384, size=32768, type=c' 'start=49152, type=83, bootable' 'start=2048, size=8192, type=da' | sfdisk -q card.img
            tar -C card --format=ustar -cf - etc/hostname etc/hostid etc/ssh/ssh_host_ed25519_key etc/ssh/ssh_host_ed25519_key.pub root/.ssh/authorized_keys \
              'etc/NetworkManager/system-connections/Lamp Home.nmconnection' | dd of=card.img bs=512 seek=2048 conv=notrunc status=none
            """,
            "sh", profileMode);
        return (await RunAsync(world, "ssh-keygen", "-lf", "card/etc/ssh/ssh_host_ed25519_key.pub")).Split(' ')[1];
    }

    private static async Task<string> RunAsync(TestWorld world, string program, params string[] arguments) =>
        (await CliWrap.Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory(world.Folder).ExecuteBufferedAsync(TestContext.Current.CancellationToken)).StandardOutput;

    private static void ShouldHoldNoSecret(TestWorld world, string text)
    {
        text.ShouldNotContain(WifiKey);
        var privateLine = world.Read("card/etc/ssh/ssh_host_ed25519_key").Split('\n')[2];
        text.ShouldNotContain(privateLine);
    }
}
