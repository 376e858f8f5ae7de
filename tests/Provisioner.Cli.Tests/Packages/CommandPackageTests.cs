using Provisioner.Cli.Tests.Examples;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Cli.Tests.Packages;

/// <summary>Pulumi's Command package on the embedded engine: its own Node SDK from npm, and our classes, with our provider and a real sshd.</summary>
public sealed class CommandPackageTests(SshServer server) : IClassFixture<SshServer>, IDisposable
{
    private const string Token = "canary of the command";

    private readonly TestWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_program_on_the_packages_own_Node_SDK_runs()
    {
        Directory.CreateDirectory(_world.PathOf("site"));
        _world.Write("site/index.html", "<p>");
        Directory.CreateDirectory(_world.PathOf("there"));
        Directory.CreateSymbolicLink(_world.PathOf("node_modules"), Path.Combine(ThirdPartyEnds.Folder, "node_modules"));
        _world.Write("package.json", "{}");
        _world.Write("Pulumi.yaml", $"name: lamp\nruntime: nodejs\nmain: index.js\n{Plugin}");
        _world.Write("index.js", """
            const pulumi = require("@pulumi/pulumi");
            const { local, remote } = require("@pulumi/command");
            const config = new pulumi.Config();
            const connection = { host: "127.0.0.1", port: config.requireNumber("port"), user: config.require("user"), hostKey: config.require("hostKey"), privateKey: config.requireSecret("privateKey") };
            const folder = config.require("folder");
            const site = new remote.CopyToRemote("site", { connection, source: new pulumi.asset.FileArchive("./site"), remotePath: `${folder}/there` });
            const made = new remote.Command("made", {
              connection,
              create: `ls ${folder}/there/site; printf '%s' "$TOKEN" >${folder}/token`,
              update: "echo updated after $PULUMI_COMMAND_STDOUT",
              delete: `rm -f ${folder}/token`,
              environment: { TOKEN: config.requireSecret("token") },
              triggers: [config.require("trigger")],
              logging: remote.Logging.None,
            }, { dependsOn: site });
            const told = new local.Command("told", { create: pulumi.interpolate`echo told: ${made.stdout}`, assetPaths: ["site/*"], dir: folder });
            exports.told = told.stdout;
            exports.files = told.assets.apply(assets => Object.keys(assets ?? {}));
            exports.now = local.runOutput({ command: "echo now" }).stdout;
            """);
        await _world.WithStackAsync();
        await ConfigureAsync(("port", $"{server.Port}"), ("user", server.User), ("hostKey", server.PublicHostKey("ed25519")), ("folder", _world.Folder), ("trigger", "one"));
        (await _world.RunAsync(["config", "set", "--secret", "token"], input: Token + "\n")).ShouldSucceed();

        (await _world.RunAsync("preview")).ShouldSucceed();
        File.Exists(_world.PathOf("token")).ShouldBeFalse();

        var up = (await _world.RunAsync("up", "--yes")).ShouldSucceed();
        File.ReadAllText(_world.PathOf("token")).ShouldBe(Token);
        File.ReadAllText(_world.PathOf("there/site/index.html")).ShouldBe("<p>");
        (await OutputAsync("told")).ShouldBe("told: index.html");
        (await OutputAsync("files")).ShouldContain("site/index.html");
        (await OutputAsync("now")).ShouldBe("now");

        // Nothing has changed; then only what is copied has.
        (await _world.RunAsync("preview", "--expect-no-changes")).ShouldSucceed();
        _world.Write("site/index.html", "<p>new");
        (await _world.RunAsync("up", "--yes")).ShouldSucceed().ShouldContain("command:remote:CopyToRemote site updated");
        File.ReadAllText(_world.PathOf("there/site/index.html")).ShouldBe("<p>new");

        await ConfigureAsync(("trigger", "two"));
        (await _world.RunAsync("up", "--yes")).ShouldSucceed().ShouldContain("command:remote:Command made replaced");
        File.Exists(_world.PathOf("token")).ShouldBeFalse("the old one is deleted after the new one is made, and the file is the same");

        _world.Write("token", "once more");
        (await _world.RunAsync("destroy", "--yes")).ShouldSucceed();
        File.Exists(_world.PathOf("token")).ShouldBeFalse();
        up.ShouldNotContain(Token);
        foreach (var file in Directory.EnumerateFiles(_world.PathOf(".pulumi"), "*", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            text.ShouldNotContain(Token);
            text.ShouldNotContain("OPENSSH PRIVATE KEY");
        }
    }

    [Fact]
    public async Task The_example_own_steps_runs()
    {
        var example = Path.Combine(ExampleTests.Root, "infra", "examples", "own-steps");
        _world.Write("Pulumi.yaml", $"name: own-steps\nruntime: dotnet\nmain: {example}\n{Plugin}");
        await _world.WithStackAsync();
        await ConfigureAsync(("host", "127.0.0.1"), ("port", $"{server.Port}"), ("user", server.User), ("hostKey", server.PublicHostKey("ed25519")), ("folder", _world.Folder));

        var preview = (await _world.RunAsync("preview")).ShouldSucceed();
        preview.ShouldContain("command:remote:CopyToRemote welcome create");
        preview.ShouldContain("command:remote:Command shown create");
        preview.ShouldContain("command:local:Command told create");
        File.Exists(_world.PathOf("welcome")).ShouldBeFalse();

        (await _world.RunAsync("up", "--yes")).ShouldSucceed();
        (await OutputAsync("told")).ShouldBe("The Pi says: This is the lamp in the hall.");
        _world.Read("motd").ShouldBe("This is the lamp in the hall.\n");

        (await _world.RunAsync("destroy", "--yes")).ShouldSucceed();
        File.Exists(_world.PathOf("motd")).ShouldBeFalse();
        File.Exists(_world.PathOf("welcome")).ShouldBeTrue();
    }

    private static string Plugin => $"plugins:\n  providers:\n    - name: command\n      path: {Path.Combine(ExampleTests.Root, "src", "Provisioner.CommandProvider")}\n";

    private async Task ConfigureAsync(params (string Name, string Value)[] values)
    {
        foreach (var (name, value) in values)
        {
            (await _world.RunAsync("config", "set", name, value)).ShouldSucceed();
        }

        (await _world.RunAsync(["config", "set", "--secret", "privateKey"], input: await File.ReadAllTextAsync(server.Key))).ShouldSucceed();
    }

    private async Task<string> OutputAsync(string name) => (await _world.RunAsync("stack", "output", name, "--show-secrets")).ShouldSucceed().Trim();
}
