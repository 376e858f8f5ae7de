using Provisioner.Provider.Flakes;
using Provisioner.Provider.Flakes.Secrets;

namespace Provisioner.Provider.Tests.Flakes;

/// <summary>What a flake consists of beyond the files that its repository tracks: other repositories within its folder, and what lies outside of it.</summary>
public sealed class FlakeReachTests
{
    [Fact]
    public async Task The_files_of_a_submodule_are_sent()
    {
        using var flake = await FlakeRepository.CreateAsync();
        using var other = await FlakeRepository.CreateAsync("common", "{ }\n");
        await AddSubmoduleAsync(flake, other);

        var folder = await FlakeFolder.ReadAsync(flake.Folder, default);

        (await SentAsync(folder, FlakeSource.GitTracked)).ShouldBe(["flake.nix", "modules/common/flake.nix"]);
        folder.Built.Select(file => file.Path).ShouldBe(["flake.nix", "modules/common/flake.nix"]);
        Beyond(folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_secret_in_a_submodule_is_found()
    {
        using var flake = await FlakeRepository.CreateAsync();
        using var other = await FlakeRepository.CreateAsync("common", "{ }\n");
        other.Write("wifi.nix", """{ networking.wireless.networks."Our House".psk = "canary-birds"; }""");
        await other.CommitAsync("the WiFi");
        await AddSubmoduleAsync(flake, other);

        (await flake.SearchAsync()).ShouldHaveSingleItem().Path.ShouldBe("modules/common/wifi.nix");
    }

    [Fact]
    public async Task A_submodule_that_is_not_checked_out_is_named_with_the_command()
    {
        using var flake = await FlakeRepository.CreateAsync();
        using var other = await FlakeRepository.CreateAsync("common", "{ }\n");
        await AddSubmoduleAsync(flake, other);
        await flake.GitAsync("submodule", "--quiet", "deinit", "--force", "nixos/modules");

        var missing = Beyond(await FlakeFolder.ReadAsync(flake.Folder, default)).ShouldHaveSingleItem();

        missing.ShouldContain("the submodule modules is not checked out");
        missing.ShouldContain("submodule update --init modules");
    }

    [Fact]
    public async Task A_repository_within_the_flake_that_git_took_for_one_commit_is_sent()
    {
        using var flake = await FlakeRepository.CreateAsync();
        await NestAsync(flake);
        await flake.CommitAsync("an embedded repository");

        (await SentAsync(await FlakeFolder.ReadAsync(flake.Folder, default), FlakeSource.GitTracked)).ShouldBe(["flake.nix", "nested/module.nix"]);
    }

    [Fact]
    public async Task A_repository_within_the_flake_that_git_does_not_track_is_listed_like_any_untracked_file()
    {
        using var flake = await FlakeRepository.CreateAsync();
        await NestAsync(flake);

        var folder = await FlakeFolder.ReadAsync(flake.Folder, default);

        folder.Files.Single(file => file.Path == "nested/module.nix").Place.ShouldBe(SecretPlace.Untracked);
        (await SentAsync(folder, FlakeSource.GitTracked)).ShouldBe(["flake.nix"]);
        (await SentAsync(folder, FlakeSource.WholeFolder)).ShouldBe(["flake.nix", "nested/module.nix"]);
    }

    [Fact]
    public async Task Nothing_of_a_repository_itself_is_sent_from_a_folder_that_is_in_none()
    {
        using var folder = new Remote.TemporaryFolder();
        folder.Write("flake.nix", "{ }");
        Directory.CreateDirectory(folder["nested/.git"]);
        folder.Write("nested/.git/config", "[core]");
        folder.Write("nested/module.nix", "{ }");

        (await SentAsync(await FlakeFolder.ReadAsync(folder.Path, default), FlakeSource.GitTracked)).ShouldBe(["flake.nix", "nested/module.nix"]);
    }

    [Theory]
    [InlineData("flake.nix", "{ outputs = _: import ../../common; }", "flake.nix, line 1, leads to ../../common")]
    [InlineData("modules/a.nix", "{\n  imports = [ ./b.nix ../../common/wifi.nix ];\n}", "modules/a.nix, line 2, leads to ../../common/wifi.nix")]
    [InlineData("modules/a.nix", "{ text = builtins.readFile \"${../../common}/wifi.nix\"; }", "modules/a.nix, line 1, leads to ../../common")]
    [InlineData("modules/a.nix", "{ text = ''\n  a ''${../../common} b\n  ${../../common}/wifi.nix\n''; }", "modules/a.nix, line 3, leads to ../../common")]
    [InlineData("flake.nix", "{\n  inputs.common.url = \"path:../common\";\n}", "flake.nix, line 2, leads to ../common")]
    [InlineData("flake.nix", "{ inputs.common.url = \"git+file:../common?ref=main\"; }", "flake.nix, line 1, leads to ../common")]
    public async Task What_lies_outside_of_the_folder_is_named_before_anything_is_sent(string file, string text, string expected)
    {
        using var flake = await FlakeRepository.CreateAsync(folder: "nixos");
        Outside(flake);
        flake.Write(file, text);
        await flake.CommitAsync("it");

        Beyond(await FlakeFolder.ReadAsync(flake.Folder, default)).ShouldHaveSingleItem().ShouldStartWith(expected);
    }

    [Theory]
    [InlineData("{ imports = [ ./modules/b.nix ../nixos/modules/b.nix ]; }")]
    [InlineData("{ } # as in ../common")]
    [InlineData("{ } /* as in\n ../common */")]
    [InlineData("{ text = \"see ../common\"; }")]
    [InlineData("{ text = ''see ../common''; }")]
    [InlineData("{ text = \"a \\\" ../common \\${../common}\"; }")]
    [InlineData("{ imports = [ ../nowhere ]; }")]
    [InlineData("{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs?dir=../common\"; }")]
    [InlineData("{ version = 1.../common; }")]
    public async Task What_is_inside_or_no_path_or_nowhere_is_not_named(string text)
    {
        using var flake = await FlakeRepository.CreateAsync(folder: "nixos", flake: text);
        Outside(flake);
        flake.Write("modules/b.nix", "{ }");
        await flake.CommitAsync("it");

        Beyond(await FlakeFolder.ReadAsync(flake.Folder, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_folder_is_named()
    {
        using var flake = await FlakeRepository.CreateAsync();
        Outside(flake);
        File.CreateSymbolicLink(Path.Combine(flake.Folder, "common"), "../common");
        File.CreateSymbolicLink(Path.Combine(flake.Folder, "inside"), "flake.nix");
        await flake.CommitAsync("links");

        Beyond(await FlakeFolder.ReadAsync(flake.Folder, default)).ShouldHaveSingleItem().ShouldStartWith("the link common leads to ../common");
    }

    /// <summary>common/wifi.nix beside the flake's folder, and beside that one's.</summary>
    private static void Outside(FlakeRepository flake)
    {
        flake.Write("../common/wifi.nix", "{ }");
        flake.Write("../../common/wifi.nix", "{ }");
    }

    /// <summary>The other repository as nixos/modules of the flake's.</summary>
    private static async Task AddSubmoduleAsync(FlakeRepository flake, FlakeRepository other)
    {
        await flake.GitAsync("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", Path.GetDirectoryName(other.Folder)!, "nixos/modules");
        await flake.CommitAsync("the submodule");
    }

    private static async Task NestAsync(FlakeRepository flake)
    {
        flake.Write("nested/module.nix", "{ }");
        await flake.GitAsync("init", "-q", "nixos/nested");
        await flake.GitAsync("-C", "nixos/nested", "add", "-A");
        await flake.GitAsync("-C", "nixos/nested", "commit", "-q", "-m", "its own");
    }

    private static IEnumerable<string> Beyond(FlakeFolder folder) => FlakeReach.Beyond(folder, FlakeArchive.Select(folder, FlakeSource.GitTracked));

    private static async Task<IEnumerable<string>> SentAsync(FlakeFolder folder, FlakeSource source) =>
        (await FlakeArchive.ReadAsync(folder, source, HostValues.None, default)).Files;
}
