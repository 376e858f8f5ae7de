using CliWrap;
using CliWrap.Buffered;
using Provisioner.Provider.Tests.Flakes;
using Provisioner.Provider.Tests.Images;
using Provisioner.Provider.Tests.Remote;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>Images built by real Nix from the stand-in flake, here, over SSH, and through a double of a container engine.</summary>
public sealed class SdImageBuildTests(SshServer server) : IClassFixture<SshServer>
{
    private const string Canary = "quiet-nightingale-4711";

    [Fact]
    public async Task Nix_builds_the_image_once_and_again_only_when_the_flake_has_changed()
    {
        using var flake = await StandinFlake.CreateAsync();
        await using var image = await ImageResource.StartAsync();
        var inputs = image.Build(flake.Folder);

        var outputs = await image.UpAsync(inputs);

        var path = Text(outputs, "path");
        path.ShouldStartWith(Path.Combine(image.Folder, "sd-image-bootstrap-"));
        path.ShouldEndWith(".img.zst");
        Text(outputs, "sha256").ShouldBe((await Tool.RunAsync("sha256sum", path)).Split(' ')[0]);
        Text(outputs, "compression").ShouldBe("zstd");
        Directory.EnumerateFileSystemEntries(image.Folder).ShouldBe([path]);
        image.Engine.Log.ShouldContain(entry => entry.Ephemeral, "a build is told about while it runs");

        (await image.ChangesAsync()).ShouldBeEmpty();
        flake.Write("ignored", "*");
        flake.Write(".gitignore", "noise\n");
        (await image.ChangesAsync()).ShouldBe(["contentHash"]);
        flake.Delete("ignored");
        flake.Delete(".gitignore");
        (await image.ChangesAsync()).ShouldBeEmpty();

        flake.Write("new.nix", "{ }\n");
        var after = await image.UpAsync(inputs);
        Text(after, "path").ShouldNotBe(path);
        Directory.EnumerateFileSystemEntries(image.Folder).ShouldBe([Text(after, "path")], "the image before it is ours to remove");

        await image.DeleteAsync();
        Directory.EnumerateFileSystemEntries(image.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_or_changed_image_is_found_by_a_plain_preview_and_made_again()
    {
        using var flake = await StandinFlake.CreateAsync();
        await using var image = await ImageResource.StartAsync();
        var inputs = image.Build(flake.Folder);
        var path = Text(await image.UpAsync(inputs), "path");

        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        (await image.ChangesAsync()).ShouldBeEmpty("only its time was touched");
        await File.AppendAllTextAsync(path, "x");
        (await image.ChangesAsync()).ShouldBe(["file"]);
        File.Delete(path);
        (await image.ChangesAsync()).ShouldBe(["file"]);

        await image.UpAsync(inputs);

        File.Exists(path).ShouldBeTrue();
        (await image.ChangesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_machine_builds_it_over_SSH()
    {
        using var flake = await StandinFlake.CreateAsync();
        await using var image = await ImageResource.StartAsync(server.Key);

        var outputs = await image.UpAsync(image.Build(flake.Folder, "ssh", ("host", server.Address())));

        Text(outputs, "sha256").ShouldBe((await Tool.RunAsync("sha256sum", Text(outputs, "path"))).Split(' ')[0]);
        image.Engine.Log.ShouldContain(entry => entry.Ephemeral && entry.Message.StartsWith("the image comes: 100 %", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_container_gets_the_flake_on_stdin_and_no_folder_of_this_machine()
    {
        using var flake = await StandinFlake.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var image = await ImageResource.StartAsync();

        // A double of a container engine: it writes down how it was called, and runs the command without a container.
        var engine = folder.Write("docker", $"""
            #!/bin/sh
            if [ "$1" = version ]; then echo linux/amd64; exit; fi
            printf '%s\n' "$@" >{folder["arguments"]}
            while [ "$1" != sh ]; do shift; done
            exec "$@"
            """, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var outputs = await image.UpAsync(image.Build(flake.Folder, "container", ("containerEngine", engine)));

        File.Exists(Text(outputs, "path")).ShouldBeTrue();
        var arguments = await File.ReadAllLinesAsync(folder["arguments"]);
        arguments[..12].ShouldBe(["run", "--rm", "--interactive", "--init", "--platform", "linux/amd64", "--volume", "provisioner-nix-amd64:/nix", "docker.io/nixos/nix:2.24.9", "sh", "-c", "set -eu"]);
        arguments.ShouldAllBe(line => !line.Contains(flake.Folder, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tracked")]
    [InlineData("ignored")]
    [InlineData("commit")]
    public async Task A_flake_with_a_planted_password_is_refused_with_the_place_named(string where)
    {
        using var flake = await StandinFlake.CreateAsync();
        await using var image = await ImageResource.StartAsync();
        if (where == "ignored")
        {
            flake.Write(".gitignore", "wifi.nix\n");
        }

        flake.Write("wifi.nix", $"{{\n  psk = \"{Canary}\";\n}}\n");
        var commit = await flake.CommitAsync("wifi");
        if (where == "commit")
        {
            flake.Delete("wifi.nix");
            await flake.CommitAsync("away with it");
        }

        var refusal = await image.RefusedAsync(image.Build(flake.Folder));

        refusal.ShouldContain("Refused to build an image from a flake with secrets in it");
        refusal.ShouldContain(where switch
        {
            "tracked" => "wifi.nix:2 (tracked by git)",
            "ignored" => "wifi.nix:2 (ignored by git)",
            _ => $"wifi.nix:2 in commit {commit}",
        });
        refusal.ShouldNotContain(Canary);
        image.Engine.Log.ShouldAllBe(entry => !entry.Message.Contains(Canary, StringComparison.Ordinal));
        image.Engine.Log.ShouldNotContain(entry => entry.Message.StartsWith("nix:", StringComparison.Ordinal), "nothing may be built");
    }

    [Fact]
    public async Task What_git_remembers_reaches_neither_the_store_nor_the_image_nor_a_folder_nor_the_process_list()
    {
        using var flake = await StandinFlake.CreateAsync();
        flake.Write("wifi.nix", $"{{\n  psk = \"{Canary}\";\n}}\n");
        var commit = await flake.CommitAsync("wifi");
        flake.Delete("wifi.nix");
        await flake.CommitAsync("the password is changed, and away with it");
        await using var image = await ImageResource.StartAsync();
        using var watcher = new ProcessWatcher(Canary);

        var outputs = await image.UpAsync(image.Build(flake.Folder, "local", ("acceptedCommits", new PropertyValue.Array([commit]))));

        (await watcher.StopAsync()).Leaks.ShouldBeEmpty();
        await Tool.RunAsync("zstd", "-q", "-d", Text(outputs, "path"), "-o", Path.Combine(image.Folder, "raw"));
        (await GrepAsync(image.Folder)).ShouldBeEmpty();
        (await GrepAsync("/nix/store")).ShouldBeEmpty();
        (await GrepAsync(Path.GetDirectoryName(flake.Folder)!, "--exclude-dir=.git")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_that_would_not_do_is_not_put_where_it_could_be_flashed()
    {
        using var flake = await StandinFlake.CreateAsync(without: "supplicant");
        await using var image = await ImageResource.StartAsync();

        var refusal = await image.RefusedAsync(image.Build(flake.Folder));

        refusal.ShouldContain("image.unfit");
        refusal.ShouldContain("supplicant: there is no WiFi supplicant");
        Directory.EnumerateFileSystemEntries(image.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_build_that_fails_is_told_with_the_end_of_its_log()
    {
        using var flake = await StandinFlake.CreateAsync();
        flake.Write("build", "echo 'the last straw' >&2\nexit 1\n");
        await using var image = await ImageResource.StartAsync();

        var failure = await image.RefusedAsync(image.Build(flake.Folder));

        failure.ShouldContain("Nix did not build the image");
        failure.ShouldContain("the last straw");
        Directory.EnumerateFileSystemEntries(image.Folder).ShouldBeEmpty();
    }

    private static string Text(PropertyMap outputs, string name) => ((PropertyValue.String)outputs[name]).Value;

    private static async Task<string> GrepAsync(string folder, params string[] options) =>
        (await Cli.Wrap("grep").WithArguments(["-rlFa", .. options, "--", Canary, folder]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync()).StandardOutput;
}
