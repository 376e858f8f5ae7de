using Provisioner.Provider.Flakes;
using Provisioner.Provider.Flakes.Secrets;

namespace Provisioner.Provider.Tests.Flakes;

public sealed class SecretsCheckTests
{
    private const string Wifi = "{\n  psk = \"canary-birds\";\n}\n";

    [Fact]
    public async Task A_flake_without_a_secret_passes()
    {
        using var flake = await FlakeRepository.CreateAsync();
        flake.Write("wifi.example.nix", "{ psk = \"YOUR_PASSWORD\"; }\n");
        await flake.CommitAsync("an example");

        (await flake.SearchAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_password_is_found_in_a_tracked_an_untracked_and_an_ignored_file()
    {
        using var flake = await FlakeRepository.CreateAsync();
        flake.Write("tracked.nix", Wifi);
        await flake.GitAsync("add", "-A");
        flake.Write("a folder/untracked \"ü\".nix", Wifi);
        flake.Write(".gitignore", "wifi.nix\n");
        flake.Write("wifi.nix", Wifi);

        (await flake.SearchAsync()).Select(found => (found.Path, found.Line, found.Place)).ShouldBe(
        [
            ("a folder/untracked \"ü\".nix", 2, SecretPlace.Untracked),
            ("tracked.nix", 2, SecretPlace.Tracked),
            ("wifi.nix", 2, SecretPlace.Ignored),
        ]);
    }

    [Fact]
    public async Task A_password_of_an_old_commit_is_found_with_the_commit_that_brought_it()
    {
        using var flake = await FlakeRepository.CreateAsync();
        flake.Write("wifi.nix", Wifi);
        var guilty = await flake.CommitAsync("git add -f wifi.nix");
        flake.Write("other.nix", "{ }\n");
        await flake.CommitAsync("something else");
        flake.Delete("wifi.nix");
        await flake.CommitAsync("remove it");

        var found = (await flake.SearchAsync()).ShouldHaveSingleItem();

        (found.Kind, found.Path, found.Line, found.Place, found.Commit).ShouldBe((SecretKind.WifiPassword, "wifi.nix", 2, SecretPlace.Committed, guilty));
        found.ToString().ShouldBe($"wifi.nix:2 in commit {guilty}: a WiFi password, most likely (a text stands behind psk that is neither a reference nor what examples say); whoever has the repository has it, so change the password at the router; then name the commit in acceptedCommits, or take it out with: git filter-repo --invert-paths --path wifi.nix; if it is no secret, or not any more, name {found.Token} in acceptedFindings");
        (await flake.SearchAsync(guilty[..10])).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_finding_is_accepted_by_what_was_found_and_where_in_the_work_tree_and_in_history()
    {
        using var flake = await FlakeRepository.CreateAsync();
        flake.Write("wifi.nix", Wifi);
        await flake.CommitAsync("wifi");
        var folder = await FlakeFolder.ReadAsync(flake.Folder, default);
        var token = (await flake.SearchAsync()).Select(found => found.Token).Distinct().ShouldHaveSingleItem();

        (await SecretsCheck.SearchAsync(folder, new AcceptedSecrets([], [token]), default)).ShouldBeEmpty();
        token.ShouldMatch("^wifi\\.nix#[0-9a-f]{6}$");

        // Moved down it is the same, another text or another file is not.
        flake.Write("wifi.nix", "\n" + Wifi);
        (await SecretsCheck.SearchAsync(folder, new AcceptedSecrets([], [token]), default)).ShouldBeEmpty();
        flake.Write("wifi.nix", Wifi.Replace("canary", "parrot", StringComparison.Ordinal));
        (await SecretsCheck.SearchAsync(folder, new AcceptedSecrets([], [token]), default)).ShouldHaveSingleItem();
        flake.Write("wifi.nix", Wifi);
        flake.Write("other.nix", Wifi);
        (await SecretsCheck.SearchAsync(await FlakeFolder.ReadAsync(flake.Folder, default), new AcceptedSecrets([], [token]), default)).ShouldHaveSingleItem().Path.ShouldBe("other.nix");
    }

    [Fact]
    public async Task Each_of_many_old_versions_is_told_with_its_own_commit()
    {
        using var flake = await FlakeRepository.CreateAsync("infra/nixos");
        var commits = new List<string>();
        for (var version = 0; version < 5; version++)
        {
            flake.Write("wifi.nix", $"{{\n  # {version}\n  psk = \"canary-birds\";\n}}\n");
            commits.Add(await flake.CommitAsync($"version {version}"));
        }

        flake.Delete("wifi.nix");
        await flake.CommitAsync("away");

        (await flake.SearchAsync()).Select(found => found.Commit).ShouldBe(commits, ignoreOrder: true);
    }

    [Fact]
    public async Task A_password_is_found_on_other_branches_in_stashes_and_where_a_merge_threw_it_away()
    {
        using var flake = await FlakeRepository.CreateAsync();
        await flake.GitAsync("checkout", "-q", "-b", "side");
        flake.Write("side.nix", Wifi);
        var side = await flake.CommitAsync("side");
        flake.Delete("side.nix");
        await flake.CommitAsync("away with it");
        await flake.GitAsync("checkout", "-q", "main");
        flake.Write("main.nix", "{ }\n");
        await flake.CommitAsync("main goes on");
        await flake.GitAsync("merge", "-q", "--no-ff", "-m", "merge", "side");
        await flake.GitAsync("branch", "-D", "side");
        flake.Write("flake.nix", "{ outputs = _: { }; } # psk = \"canary-birds-2\"\n");
        await flake.GitAsync("stash", "-q");

        var found = await flake.SearchAsync();

        found.Select(finding => finding.Path).ShouldBe(["side.nix", "flake.nix"], ignoreOrder: true);
        found.Single(finding => finding.Path == "side.nix").Commit.ShouldBe(side);
        found.ShouldAllBe(finding => finding.Place == SecretPlace.Committed);
    }

    [Fact]
    public async Task Only_the_flakes_own_folder_counts()
    {
        using var flake = await FlakeRepository.CreateAsync("infra/nixos");
        flake.Write("../other.nix", Wifi);
        await flake.CommitAsync("not the flake's");

        (await flake.SearchAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_is_no_repository_is_searched_all_the_same()
    {
        using var folder = new Remote.TemporaryFolder();
        folder.Write("flake.nix", "{ outputs = _: { }; }");
        folder.Write("key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n");

        var flake = await FlakeFolder.ReadAsync(folder.Path, default);

        flake.Repository.ShouldBeNull();
        (await SecretsCheck.SearchAsync(flake, AcceptedSecrets.None, default))
            .Select(found => (found.Kind, found.Path, found.Line, found.Place)).ShouldBe([(SecretKind.PrivateKey, "key", 1, SecretPlace.Unversioned)]);
    }

    [Fact]
    public async Task No_text_of_a_finding_holds_the_secret()
    {
        using var flake = await FlakeRepository.CreateAsync();
        flake.Write("wifi.nix", Wifi);
        await flake.CommitAsync("oh");

        var found = await flake.SearchAsync();

        found.Count.ShouldBe(2);
        found.ShouldAllBe(finding => !finding.ToString().Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repository_that_git_does_not_read_is_no_repository_without_secrets()
    {
        using var flake = await FlakeRepository.CreateAsync();
        flake.Write("../.git/config", "[core]\n\trepositoryformatversion = 99\n");

        var refused = await Should.ThrowAsync<GitFailedException>(() => flake.SearchAsync());

        refused.Why!.ShouldContain("99");
    }

    [Fact]
    public async Task A_folder_without_a_flake_is_refused()
    {
        using var folder = new Remote.TemporaryFolder();

        var refused = await Should.ThrowAsync<Errors.InputInvalidException>(() => FlakeFolder.ReadAsync(folder.Path, default));

        refused.Message.ShouldContain("flake.nix");
    }
}
