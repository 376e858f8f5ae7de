using System.Formats.Tar;
using System.Text;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Resources.SdImage;
using Provisioner.Provider.Tests.Remote;
using Provisioner.Provider.Tests.Resources.Nixos;

namespace Provisioner.Provider.Tests.Flakes;

/// <summary>The machine's own values reach the copy of a flake that is sent, and never the folder.</summary>
public sealed class HostValuesTests : IDisposable
{
    private const string Own = """{ "hostName": "stove", "hostId": null, "pool": "zroot", "country": "DE", "fan": { "speed": 3 } }""";

    private readonly TemporaryFolder _folder = new();

    public HostValuesTests() => _folder.Write("flake.nix", "{ outputs = _: { }; }");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gitTracked")]
    [InlineData("wholeFolder")]
    public async Task What_the_stack_knows_replaces_what_is_there_and_the_rest_stays(string source)
    {
        var file = _folder.Write("host.json", Own);
        var desired = NixosPi.Args with { Country = "NL", AuthorizedKeys = ["ssh-ed25519 AA+A/= me@home"] };

        var archive = await ReadAsync(desired, source == "gitTracked" ? FlakeSource.GitTracked : FlakeSource.WholeFolder);

        (await ContentAsync(archive.Tar, "host.json")).ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal).ShouldBe(
            """{"hostName":"lamp","hostId":"dc0bd73a","pool":"zroot","country":"NL","fan":{"speed":3},"authorizedKeys":["ssh-ed25519AA+A/=me@home"],"bootPartition":"/dev/disk/by-partuuid/8a4c1f5e-0000-4000-8000-000000000001"}""");
        archive.Given["country"].ShouldBe("NL");
        File.ReadAllText(file).ShouldBe(Own);
        (await ReadAsync(desired with { Country = "FR" })).Digest.ShouldNotBe(archive.Digest);
    }

    [Fact]
    public async Task A_flake_without_the_file_and_one_of_another_kind_keep_what_they_have()
    {
        var without = await ReadAsync(NixosPi.Args);
        without.Files.ShouldBe(["flake.nix"]);
        without.Given.ShouldBeEmpty();
        (await ReadAsync(NixosPi.Args with { Country = "NL" })).Digest.ShouldBe(without.Digest);

        _folder.Write("host.json", """[ "hostName" ]""");
        (await ContentAsync((await ReadAsync(NixosPi.Args)).Tar, "host.json")).ShouldBe("""[ "hostName" ]""");
        _folder.Write("host.json", """{ "listen": "0.0.0.0" }""");
        (await ReadAsync(NixosPi.Args)).Given.ShouldBeEmpty("a file of another kind that only has the name");
        _folder.Write("host.json", "{ hostName = \"lamp\"; }");
        (await Should.ThrowAsync<InputInvalidException>(() => ReadAsync(NixosPi.Args))).What.ShouldContain("no JSON");
    }

    [Fact]
    public async Task An_image_is_given_the_country_and_a_change_of_it_is_a_change_of_the_image()
    {
        _folder.Write("host.json", Own);
        var folder = await FlakeFolder.ReadAsync(_folder.Path, default);
        using var tar = new MemoryStream();
        await FlakeContent.WriteTarAsync(folder, new SdImageArgs { Country = "NL" }.Values, tar, default);

        (await ContentAsync(tar.ToArray(), "host.json")).ShouldContain("\"country\": \"NL\"");
        (await ContentAsync(tar.ToArray(), "host.json")).ShouldContain("\"hostName\": \"stove\"");
        var digests = await Task.WhenAll(((string[])["NL", "FR"]).Select(country => FlakeContent.DigestAsync(folder, new SdImageArgs { Country = country }.Values, default)));
        digests.Distinct().Count().ShouldBe(2);
        (await FlakeContent.DigestAsync(folder, new SdImageArgs { Country = "DE" }.Values, default)).ShouldBe(await FlakeContent.DigestAsync(folder, HostValues.None, default), "it has that already");
    }

    [Fact]
    public void A_preview_says_which_value_has_changed()
    {
        var state = NixosPi.State(NixosPi.Running, "n3w#pi4") with
        {
            Values = Of(("country", "DE"), ("pool", "zroot")),
            WantedValues = Of(("country", "NL"), ("pool", "zroot"), ("timeZone", "UTC")),
        };

        NixosSystemPlanner.Plan(NixosPi.Args, state).Changes.ShouldHaveSingleItem().Because!.ShouldStartWith(
            "what the flake is given has changed: country: DE → NL, timeZone: the flake's own → UTC; generation 4");
    }

    [Theory]
    [InlineData("DE", true)]
    [InlineData("de", false)]
    [InlineData("DEU", false)]
    [InlineData("00", false)]
    [InlineData("", false)]
    public void A_country_is_two_capital_letters(string country, bool good)
    {
        (HostValues.CountryProblem(country) is null).ShouldBe(good);
        NixosSystemRules.All.Select(rule => rule.Problem(NixosPi.Args with { Country = country })).OfType<string>().Any().ShouldBe(!good);
        SdImageRules.All.Select(rule => rule.Problem(new SdImageArgs { Flake = "/flake", Country = country })).OfType<string>().Any().ShouldBe(!good);
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Of(params (string Key, string Value)[] values) =>
        System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, values.Select(value => KeyValuePair.Create(value.Key, value.Value)));

    private async Task<FlakeArchive> ReadAsync(NixosSystemArgs desired, FlakeSource source = FlakeSource.GitTracked) =>
        await FlakeArchive.ReadAsync(await FlakeFolder.ReadAsync(_folder.Path, default), source, desired.Values, default);

    private static async Task<string> ContentAsync(ReadOnlyMemory<byte> tar, string path)
    {
        using var stream = new MemoryStream(tar.ToArray());
        await using var reader = new TarReader(stream);
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name == path)
            {
                using var text = new StreamReader(entry.DataStream!, Encoding.UTF8);
                return await text.ReadToEndAsync();
            }
        }

        throw new InvalidOperationException($"{path} is not in it");
    }
}
