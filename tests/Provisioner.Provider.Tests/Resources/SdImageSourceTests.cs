using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Provisioner.Provider.Tests.Hosting;
using Provisioner.Provider.Tests.Images;
using Provisioner.Provider.Tests.Remote;
using Pulumi.Wire;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>Ready images, by path and by address, as they are and compressed.</summary>
public sealed class SdImageSourceTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("zstd")]
    [InlineData("xz")]
    public async Task A_file_is_taken_where_it_is_when_its_digest_is_the_given_one(string compression)
    {
        using var folder = new TemporaryFolder();
        var (path, digest) = await MakeAsync(folder, compression);
        await using var image = await ImageResource.StartAsync();

        var outputs = await image.UpAsync(image.Take(path, digest));

        outputs["path"].ShouldBe((PropertyValue)path);
        outputs["compression"].ShouldBe((PropertyValue)compression);
        outputs["imageSize"].ShouldBe((PropertyValue)(double)(24 << 20));
        (await image.ChangesAsync()).ShouldBeEmpty();
        await image.DeleteAsync();
        File.Exists(path).ShouldBeTrue("it is the user's");
    }

    [Fact]
    public async Task Of_a_link_the_file_s_size_counts_and_another_file_behind_it_is_noticed()
    {
        using var folder = new TemporaryFolder();
        var (path, digest) = await MakeAsync(folder, "none");
        var link = folder["latest.img"];
        File.CreateSymbolicLink(folder["hop.img"], path);
        File.CreateSymbolicLink(link, folder["hop.img"]);
        await using var image = await ImageResource.StartAsync();

        (await image.UpAsync(image.Take(link, digest)))["size"].ShouldBe((PropertyValue)(double)(24 << 20));
        (await image.ChangesAsync()).ShouldBeEmpty();

        await using (var file = File.OpenWrite(path))
        {
            file.Position = 512 * 1024;
            file.WriteByte(1);
        }

        (await image.ChangesAsync()).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_image_that_was_cut_off_inside_a_partition_is_refused()
    {
        using var folder = new TemporaryFolder();
        var (path, _) = await MakeAsync(folder, "none");
        await Tool.RunAsync("truncate", "-s", "-1M", path);
        await using var image = await ImageResource.StartAsync();

        (await Should.ThrowAsync<Grpc.Core.RpcException>(() => image.UpAsync(image.Take(path, null)))).Status.Detail.ShouldContain("it was cut off");
    }

    [Fact]
    public async Task A_file_without_a_digest_is_taken_as_it_is_and_again_when_it_has_changed()
    {
        using var folder = new TemporaryFolder();
        var (path, digest) = await MakeAsync(folder, "none");
        await using var image = await ImageResource.StartAsync();
        (await image.UpAsync(image.Take(path, null)))["sha256"].ShouldBe((PropertyValue)digest);
        (await image.ChangesAsync()).ShouldBeEmpty();

        // The gap in front of the first partition, where no image has anything.
        await using (var file = File.OpenWrite(path))
        {
            file.Position = 512 * 1024;
            file.WriteByte(1);
        }

        (await image.ChangesAsync()).ShouldNotBeEmpty();
        (await image.UpAsync(image.Take(path, null)))["sha256"].ShouldNotBe((PropertyValue)digest);
        (await image.ChangesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_country_that_a_ready_image_cannot_be_given_is_a_warning()
    {
        using var folder = new TemporaryFolder();
        var (path, digest) = await MakeAsync(folder, "none");
        await using var image = await ImageResource.StartAsync();

        await image.PreviewAsync(image.Take(path, digest).With("country", "NL"));

        image.Engine.Log.ShouldContain(entry => entry.Message.StartsWith("the country NL does not reach an image that is ready", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_digest_than_the_given_one_is_refused_with_both()
    {
        using var folder = new TemporaryFolder();
        var (path, digest) = await MakeAsync(folder, "none");
        await using var image = await ImageResource.StartAsync();
        var wrong = new string('0', 64);

        var refusal = await image.RefusedAsync(image.Take(path, wrong));

        refusal.ShouldContain(digest);
        refusal.ShouldContain(wrong);
        refusal.ShouldContain("image.source");
    }

    [Fact]
    public async Task An_address_is_fetched_once_and_checked()
    {
        using var folder = new TemporaryFolder();
        var (path, digest) = await MakeAsync(folder, "zstd");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var server = builder.Build();
        var asked = 0;
        server.Run(async context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = context.Request.Path == "/image.img.zst" ? 200 : 404;
            if (context.Response.StatusCode == 200)
            {
                await context.Response.Body.WriteAsync(await File.ReadAllBytesAsync(path));
            }
        });
        await server.StartAsync();
        var address = $"http://127.0.0.1:{EngineRecorder.PortOf(server)}";
        await using var image = await ImageResource.StartAsync();

        var outputs = await image.UpAsync(image.Take(address + "/image.img.zst", digest));

        (await File.ReadAllBytesAsync(((PropertyValue.String)outputs["path"]).Value)).ShouldBe(await File.ReadAllBytesAsync(path));
        (await image.ChangesAsync()).ShouldBeEmpty();
        asked.ShouldBe(1);

        await using var other = await ImageResource.StartAsync();
        (await other.RefusedAsync(other.Take(address + "/other.img", digest))).ShouldContain("the server answers 404");
        (await other.RefusedAsync(other.Take(address + "/image.img.zst", new string('0', 64)))).ShouldContain("another one than was named");
        Directory.EnumerateFileSystemEntries(other.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Inputs_that_do_not_fit_are_named_with_the_way_out()
    {
        await using var image = await ImageResource.StartAsync();

        (await image.ProblemsAsync(PropertyMap.Of(("builder", "local")))).ShouldHaveSingleItem().ShouldStartWith("flake: is required");
        (await image.ProblemsAsync(PropertyMap.Of(("builder", "prebuilt"), ("source", "ftp://x/y"), ("sha256", "abc")))).Select(problem => problem.Split(' ')[0]).ShouldBe(["source:", "sha256:"]);
        (await image.ProblemsAsync(PropertyMap.Of(("builder", "prebuilt"), ("source", "https://x/y.img")))).ShouldHaveSingleItem().ShouldStartWith("sha256: must be");
        (await image.ProblemsAsync(PropertyMap.Of(("builder", "ssh"), ("flake", "f"), ("host", "lamp")))).ShouldHaveSingleItem().ShouldContain("ssh://root@lamp.local");
        (await image.ProblemsAsync(PropertyMap.Of(("flake", "f"), ("attribute", "a b; c")))).ShouldHaveSingleItem().ShouldContain("attribute path");
        (await image.ProblemsAsync(PropertyMap.Of(("flake", "f"), ("acceptedCommits", new PropertyValue.Array(["HEAD"]))))).ShouldHaveSingleItem().ShouldContain("hex digits");
    }

    private static async Task<(string Path, string Digest)> MakeAsync(TemporaryFolder folder, string compression)
    {
        var path = folder["small.img"];
        await SmallImage.MakeAsync(path);
        if (compression != "none")
        {
            await Tool.RunAsync(compression == "zstd" ? "zstd" : "xz", "-q", path);
            path += compression == "zstd" ? ".zst" : ".xz";
        }

        return (path, (await Tool.RunAsync("sha256sum", path)).Split(' ')[0]);
    }
}
