using Grpc.Core;
using Provisioner.Provider.Tests.Remote;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Commands;

/// <summary>Files over a real sshd on loopback.</summary>
public sealed class CopyToRemoteTests(SshServer server) : IClassFixture<SshServer>, IAsyncLifetime
{
    private const string Type = "command:remote:CopyToRemote";

    private readonly TemporaryFolder _from = new();
    private readonly TemporaryFolder _to = new();
    private CommandPlugin _plugin = null!;

    public async ValueTask InitializeAsync() => _plugin = await CommandPlugin.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _from.Dispose();
        _to.Dispose();
    }

    [Fact]
    public async Task A_file_goes_to_its_path_or_into_a_folder_that_is_there_and_over_what_is_there()
    {
        var file = Asset(_from.Write("motd 'x'", "welcome\n"));
        Directory.CreateDirectory(_to["folder"]);
        _to.Write("there", "old and longer than the new one", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var (id, _) = await CopyAsync(file, _to["new/deep/file"]);
        await CopyAsync(file, _to["folder"]);
        await CopyAsync(file, _to["there"]);

        id.ShouldMatch("^[0-9a-f]{16}$");
        File.ReadAllText(_to["new/deep/file"]).ShouldBe("welcome\n");
        File.ReadAllText(_to["folder/motd 'x'"]).ShouldBe("welcome\n");
        File.ReadAllText(_to["there"]).ShouldBe("welcome\n");
        File.GetUnixFileMode(_to["there"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Left().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_text_needs_the_path_of_a_file_and_a_secret_one_is_seen_nowhere()
    {
        const string canary = "text-canary-4711";
        var text = new PropertyValue.Secret(new PropertyValue.Asset(new AssetSource.Text(canary), "hash"));
        using var watcher = new ProcessWatcher(canary);

        await CopyAsync(text, _to["text"]);

        (await watcher.StopAsync()).Leaks.ShouldBeEmpty();
        File.ReadAllText(_to["text"]).ShouldBe(canary);
        var failure = await Should.ThrowAsync<RpcException>(() => CopyAsync(text, _to.Path));
        failure.Status.Detail.ShouldContain("give the path of a file");
        failure.Status.Detail.ShouldNotContain(canary);
    }

    [Fact]
    public async Task A_folder_goes_with_its_name_and_with_a_slash_at_its_end_without()
    {
        Directory.CreateDirectory(_from["site/css"]);
        _from.Write("site/index.html", "<p>");
        _from.Write("site/css/a.css", "p {}");
        Directory.CreateDirectory(_to["www"]);
        _to.Write("www/index.html", "old");
        _to.Write("www/kept", "kept");

        await CopyAsync(Folder(_from["site"]), _to["named"]);
        await CopyAsync(Folder(_from["site"] + "/"), _to["www"]);

        File.ReadAllText(_to["named/site/css/a.css"]).ShouldBe("p {}");
        File.ReadAllText(_to["www/index.html"]).ShouldBe("<p>");
        File.ReadAllText(_to["www/css/a.css"]).ShouldBe("p {}");
        File.ReadAllText(_to["www/kept"]).ShouldBe("kept");
        Left().ShouldBeEmpty();
        (await Should.ThrowAsync<RpcException>(() => CopyAsync(Folder(_from["site"]), _to["www/kept"]))).Status.Detail.ShouldContain("is there and is no folder");
    }

    [Fact]
    public async Task An_archive_of_assets_is_copied_file_by_file()
    {
        var archive = new PropertyValue.Archive(
            new ArchiveSource.Assets(PropertyMap.Of(("a/b.txt", new PropertyValue.Asset(new AssetSource.Text("text"), "h")), ("c", Folder(_from.Path)))), "hash");
        _from.Write("inner", "inner");

        await CopyAsync(archive, _to["archive"]);

        File.ReadAllText(_to["archive/a/b.txt"]).ShouldBe("text");
        File.ReadAllText(_to["archive/c/inner"]).ShouldBe("inner");
    }

    [Fact]
    public async Task It_is_copied_again_when_its_content_or_its_place_changes_and_not_for_another_path_to_it()
    {
        var olds = Inputs(Asset(_from.Write("a", "same"), "one"), _to["a"]);
        await _plugin.CreateAsync(Type, olds);
        File.Delete(_to["a"]);

        // Engines send what was copied before by its hash only.
        var old = olds.With("source", new PropertyValue.Asset(null, "one"));
        var moved = Inputs(Asset(_from.Write("b", "same"), "one"), _to["a"]);
        (await _plugin.DiffAsync(Type, old, moved)).Changes.ShouldBe(DiffResponse.Types.DiffChanges.DiffNone);
        await _plugin.UpdateAsync(Type, old, moved);
        File.Exists(_to["a"]).ShouldBeFalse();

        var changed = Inputs(Asset(_from.Write("a", "changed"), "two"), _to["a"]);
        (await _plugin.DiffAsync(Type, old, changed)).Diffs.ShouldBe(["source"]);
        await _plugin.UpdateAsync(Type, old, changed);
        File.ReadAllText(_to["a"]).ShouldBe("changed");
    }

    [Fact]
    public async Task A_preview_copies_nothing_and_a_delete_leaves_it_there()
    {
        var inputs = Inputs(Asset(_from.Write("a", "x")), _to["a"]);
        await _plugin.CreateAsync(Type, inputs, isPreview: true);
        File.Exists(_to["a"]).ShouldBeFalse();

        var (_, outputs) = await _plugin.CreateAsync(Type, inputs);
        await _plugin.DeleteAsync(Type, outputs);
        File.Exists(_to["a"]).ShouldBeTrue();
    }

    private static PropertyValue.Asset Asset(string path, string hash = "hash") => new(new AssetSource.Path(path), hash);

    private static PropertyValue.Archive Folder(string path) => new(new ArchiveSource.Path(path), "hash");

    private PropertyMap Inputs(PropertyValue source, string path) => CommandPlugin.Map(
        ("connection", new PropertyValue.Secret(CommandPlugin.Object(
            ("host", "127.0.0.1"), ("port", server.Port), ("user", server.User), ("privateKey", File.ReadAllText(server.Key)), ("hostKey", server.PublicHostKey("ed25519"))))),
        ("source", source),
        ("remotePath", path));

    private Task<(string Id, PropertyMap Outputs)> CopyAsync(PropertyValue source, string path) => _plugin.CreateAsync(Type, Inputs(source, path));

    /// <summary>What a copy leaves behind besides the copy.</summary>
    private IEnumerable<string> Left() => Directory.EnumerateFiles(_to.Path, ".copy-*", SearchOption.AllDirectories);
}
