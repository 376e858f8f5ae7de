namespace Pulumi.Wire.Tests;

/// <summary>The hashes that Pulumi gives to assets and archives; the digests are those of its own tests (sdk/go/common/resource/asset_test.go).</summary>
public sealed class AssetContentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("assets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_archive_of_one_empty_file_has_the_hash_that_Pulumi_gives_it()
    {
        File.WriteAllText(Path.Combine(_folder, "foo"), string.Empty);
        var ofAssets = new PropertyValue.Archive(new ArchiveSource.Assets(PropertyMap.Of(("foo", new PropertyValue.Asset(new AssetSource.Path("foo"), string.Empty)))), string.Empty);
        var ofFolder = new PropertyValue.Archive(new ArchiveSource.Path("."), string.Empty);

        AssetContent.WithHash(ofAssets, _folder).Hash.ShouldBe("d2587a875f82cdf3d3e6cfe9f8c6e6032be5dde8c344466e664e628da15757b0");
        AssetContent.WithHash(ofFolder, _folder).Hash.ShouldBe("d2587a875f82cdf3d3e6cfe9f8c6e6032be5dde8c344466e664e628da15757b0");
    }

    [Fact]
    public void Names_contents_and_nesting_all_count()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "a", ".pulumi"));
        File.WriteAllText(Path.Combine(_folder, "a", "b"), "text");
        File.WriteAllText(Path.Combine(_folder, "a", ".pulumi", "state"), "not counted");
        var folder = new PropertyValue.Archive(new ArchiveSource.Path("a"), string.Empty);
        var nested = new PropertyValue.Archive(new ArchiveSource.Assets(PropertyMap.Of(("x", folder))), string.Empty);
        var flat = new PropertyValue.Archive(new ArchiveSource.Assets(PropertyMap.Of(("x/b", new PropertyValue.Asset(new AssetSource.Text("text"), string.Empty)))), string.Empty);

        AssetContent.WithHash(nested, _folder).Hash.ShouldBe(AssetContent.WithHash(flat, _folder).Hash);
        AssetContent.WithHash(folder, _folder).Hash.ShouldNotBe(AssetContent.WithHash(flat, _folder).Hash);
        File.WriteAllText(Path.Combine(_folder, "a", "b"), "next");
        AssetContent.WithHash(nested, _folder).Hash.ShouldNotBe(AssetContent.WithHash(flat, _folder).Hash);
    }

    [Fact]
    public void An_archive_file_counts_as_it_is_and_another_file_is_none()
    {
        File.WriteAllText(Path.Combine(_folder, "a.tgz"), "abc");
        File.WriteAllText(Path.Combine(_folder, "a.txt"), "abc");

        AssetContent.WithHash(new PropertyValue.Archive(new ArchiveSource.Path("a.tgz"), string.Empty), _folder).Hash.ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        Should.Throw<IOException>(() => AssetContent.WithHash(new PropertyValue.Archive(new ArchiveSource.Path("a.txt"), string.Empty), _folder)).Message.ShouldContain("a.txt");
        Should.Throw<NotSupportedException>(() => AssetContent.WithHash(new PropertyValue.Asset(new AssetSource.Uri("https://lamp.invalid/x"), string.Empty), _folder)).Message.ShouldContain("https://lamp.invalid/x");
    }
}
