using CliWrap;

namespace Provisioner.Cli.Tests.Examples;

/// <summary>Each example of infra/examples as its user would first see it: a preview, with no Pi in reach.</summary>
public sealed class ExampleTests
{
    private const string Wifi = "wifiName: Our House";
    private const string Password = "battery staple";

    internal static string Root { get; } = Path.GetFullPath(Path.Combine(ThirdPartyEnds.Folder, "..", ".."));

    [Theory]
    [InlineData("one-pi", $"address: root@lamp.invalid\n  NAME:{Wifi}", "HostIdentity lamp", "Device lamp", "WifiProfile lamp", "HeadlessPi lamp")]
    [InlineData("three-pis", $"domain: invalid\n  NAME:{Wifi}", "HostIdentity garden", "Device door", "Disk lamp", "ZfsPool garden", "ZfsDataset door-media", "WifiProfile door")]
    [InlineData("wifi-only", $"address: root@127.0.0.1:1\n  NAME:hostKey: SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8\n  NAME:{Wifi}", "Device pi", "WifiProfile home")]
    [InlineData("attached-disk", "ssdId: usb-Nothing-0:0\n  NAME:ssdSerial: NOTHING\n  NAME:pool: false", "Disk ssd")]
    [InlineData("node", $"address: root@lamp.invalid\n  NAME:{Wifi}", "HostIdentity lamp", "Device lamp", "WifiProfile lamp")]
    public async Task An_example_previews(string name, string config, params string[] created)
    {
        using var world = new TestWorld();
        var example = Path.Combine(Root, "infra", "examples", name);
        var project = File.ReadAllText(Path.Combine(example, "Pulumi.yaml")).Replace("../../../src", Path.Combine(Root, "src"), StringComparison.Ordinal);
        if (name == "node")
        {
            File.Copy(Path.Combine(example, "index.js"), world.PathOf("index.js"));
            File.Copy(Path.Combine(example, "package.json"), world.PathOf("package.json"));
            Directory.CreateSymbolicLink(world.PathOf("node_modules"), Path.Combine(ThirdPartyEnds.Folder, "node_modules"));
        }
        else
        {
            project += $"\nmain: {example}\n";
        }

        world.Write("Pulumi.yaml", project);
        await world.WithStackAsync(config: $"config:\n  NAME:{config}\n".Replace("NAME", name, StringComparison.Ordinal));
        if (project.Contains("wifiPassword", StringComparison.Ordinal))
        {
            (await world.RunAsync(["config", "set", "--secret", "wifiPassword"], input: Password + "\n")).ShouldSucceed();
            await CliWrap.Cli.Wrap("ssh-keygen").WithArguments(["-q", "-t", "ed25519", "-N", string.Empty, "-f", world.PathOf("key")]).ExecuteAsync(TestContext.Current.CancellationToken);
            (await world.RunAsync("config", "set", "provisioner:privateKeyFile", world.PathOf("key"))).ShouldSucceed();
        }

        var result = await world.RunAsync("preview");
        result.ExitCode.ShouldBe(0, result.Output);

        foreach (var resource in created)
        {
            result.Output.ShouldContain($" +  provisioner:index:{resource} create");
        }

        result.Output.ShouldNotContain(Password);
    }

    [Fact]
    public void Every_example_is_named_in_the_README()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(Root, "infra", "examples")))
        {
            readme.ShouldContain($"infra/examples/{Path.GetFileName(folder)}");
        }
    }
}
