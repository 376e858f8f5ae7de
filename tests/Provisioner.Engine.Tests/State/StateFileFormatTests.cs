using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.Secrets;
using Provisioner.Engine.State;
using Provisioner.Engine.Tests.Secrets;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.State;

/// <summary>sample.json is written by hand after Pulumi's own description of its state files.</summary>
public sealed class StateFileFormatTests
{
    // A key takes a moment to derive; one process does it once.
    private static readonly PassphraseSecrets Passphrase = new(PassphraseSecretsTests.Given("correct horse"));

    private static readonly byte[] Sample = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "State", "sample.json"));

    [Fact]
    public async Task A_state_as_Pulumi_writes_it_is_understood()
    {
        var snapshot = (await ReadAsync(Sample)).Snapshot;

        snapshot.Manifest.Version.ShouldBe("v3.259.0");
        var wifi = snapshot.Resources[2];
        wifi.Inputs["psk"].ShouldBe(new PropertyValue.Secret("hunter2"));
        wifi.Inputs["limit"].ShouldBe(double.PositiveInfinity);
        wifi.Inputs["ref"].ShouldBe(new PropertyValue.ResourceReference("urn:pulumi:dev::lamp::provisioner:index:WifiProfile::other", "wifi-0", ""));
        wifi.Outputs["uuid"].ShouldBe(PropertyValue.UnknownValue);
        wifi.CustomTimeouts.ShouldBe(new CustomTimeouts(TimeSpan.FromMinutes(5), null, TimeSpan.FromSeconds(1.5), null));
        wifi.Unknown.Keys.ShouldBe(["stackTrace"]);
        snapshot.Resources[1].Created.ShouldBe(new DateTimeOffset(2026, 8, 21, 19, 17, 59, TimeSpan.Zero).AddTicks(1234567));
        snapshot.PendingOperations.ShouldHaveSingleItem().Type.ShouldBe(PendingOperationType.Creating);
    }

    [Fact]
    public async Task What_is_written_is_what_Pulumi_would_write()
    {
        var (snapshot, document, seals) = await ReadAsync(Sample);

        var written = new StateWriter("organization/lamp/dev", seals, document.Envelope).Write(snapshot);

        Text(written).ShouldBe(Text(Sample));
        Encoding.UTF8.GetString(written).ShouldNotContain("\n");
    }

    [Fact]
    public void Without_a_newer_feature_the_version_is_3() =>
        JObject.Parse(Encoding.UTF8.GetString(new StateWriter("s", new SecretSeals(null), StateEnvelope.Empty).Write(Snapshots.Of(Snapshots.Stack))))
            .ShouldSatisfyAllConditions(it => ((int)it["version"]!).ShouldBe(3), it => it.ContainsKey("features").ShouldBeFalse());

    [Fact]
    public void A_state_cut_anywhere_is_named_as_cut_off_or_damaged_and_never_taken_for_a_whole_one()
    {
        var whole = Encoding.UTF8.GetBytes(JToken.Parse(Encoding.UTF8.GetString(Sample)).ToString(Formatting.None));
        for (var length = 0; length < whole.Length; length += 7)
        {
            var error = Should.Throw<StateFileException>(() => StateDocument.Parse("/b/dev.json", whole.AsSpan(0, length)), $"cut at {length}");
            error.Message.ShouldStartWith($"/b/dev.json is cut off: it ends at byte {length}");
        }
    }

    [Theory]
    [InlineData("{\"version\":3,}x", "is damaged at line 1")]
    [InlineData("[]", "is no state file")]
    [InlineData("{\"version\":3}", "lacks \"checkpoint\"")]
    [InlineData("{\"version\":3,\"deployment\":{}}", "lacks \"checkpoint\"")]
    [InlineData("{\"version\":0,\"checkpoint\":{\"latest\":{}}}", "has version 0")]
    [InlineData("{\"version\":-1,\"checkpoint\":{\"latest\":{}}}", "has version -1")]
    [InlineData("{\"version\":5,\"checkpoint\":{}}", "has version 5")]
    [InlineData("{\"version\":4,\"features\":[\"views\",\"taint\"],\"checkpoint\":{}}", "needs views, which the embedded engine does not have")]
    public void A_file_that_is_no_state_known_here_is_refused(string text, string expected) =>
        Should.Throw<StateFileException>(() => StateDocument.Parse("/b/dev.json", Encoding.UTF8.GetBytes(text))).Message.ShouldContain(expected);

    [Theory]
    [InlineData("resources[2].parent", "\"urn:pulumi:dev::lamp::a:b:C::gone\"", "refers to its parent urn:pulumi:dev::lamp::a:b:C::gone, which is missing")]
    [InlineData("resources[0].dependencies", "[\"urn:pulumi:dev::lamp::provisioner:index:WifiProfile::home\"]", "comes before its dependency")]
    [InlineData("resources[0].propertyDependencies", "{\"a\":[\"urn:gone\"]}", "its property dependency urn:gone")]
    [InlineData("resources[0].deletedWith", "\"urn:gone\"", "its deletedWith urn:gone")]
    [InlineData("resources[0].replaceWith", "[\"urn:gone\"]", "its replaceWith urn:gone")]
    [InlineData("resources[2].provider", "\"urn:p::x\"", "refers to the provider urn:p::x")]
    [InlineData("resources[2].urn", "\"urn:pulumi:dev::lamp::pulumi:pulumi:Stack::lamp-dev\"", "stands here twice")]
    [InlineData("resources[0].id", "\"x\"", "is no custom resource, but has an id")]
    [InlineData("resources[0].urn", "\"\"", "resources[0] lacks \"urn\"")]
    [InlineData("resources[0].type", "null", "lacks \"type\"")]
    [InlineData("resources[0].custom", "\"yes\"", "\"custom\" must be true or false, but it is of type string")]
    [InlineData("resources[0].dependencies", "[1]", "\"dependencies\" must be a list of texts")]
    [InlineData("resources[0].created", "\"yesterday\"", "\"created\" is no RFC 3339 time")]
    [InlineData("resources[0].outputs", "{\"a\":{\"4dabf18193072939515e22adb298388d\":\"nope\"}}", "\"outputs.a\" has a signature that is not known: \"nope\"")]
    [InlineData("resources", "{}", "\"resources\" is no list")]
    [InlineData("pending_operations[0].type", "\"dancing\"", "pending_operations[0]")]
    [InlineData("manifest.magic", "\"0\"", "manifest.magic does not fit version \"v3.259.0\"")]
    public async Task A_state_that_contradicts_itself_is_refused_and_named(string path, string value, string expected)
    {
        var json = JObject.Parse(Encoding.UTF8.GetString(Sample));
        var latest = (JObject)json["checkpoint"]!["latest"]!;
        if (latest.SelectToken(path) is { } token)
        {
            token.Replace(JToken.Parse(value));
        }
        else
        {
            latest.SelectToken(path[..path.LastIndexOf('.')])![path[(path.LastIndexOf('.') + 1)..]] = JToken.Parse(value);
        }

        var error = await Should.ThrowAsync<StateFileException>(ReadAsync(Encoding.UTF8.GetBytes(json.ToString())));

        error.Message.ShouldStartWith("/b/dev.json: ");
        error.Message.ShouldContain(expected);
    }

    [Fact]
    public async Task A_secret_under_another_salt_is_named_with_its_place()
    {
        var text = Encoding.UTF8.GetString(Sample).Replace("v1:MDEyMzQ1Njc4OTo7:2xeg", "v1:MDEyMzQ1Njc4OTo7:2xeh", StringComparison.Ordinal);

        (await Should.ThrowAsync<StateFileException>(ReadAsync(Encoding.UTF8.GetBytes(text)))).Message
            .ShouldContain("urn:pulumi:dev::lamp::provisioner:index:WifiProfile::home: \"inputs.psk\" cannot be decrypted");
    }

    [Fact]
    public async Task A_stack_that_was_just_made_by_either_engine_is_empty()
    {
        (await ReadAsync(StateWriter.WriteEmpty("organization/lamp/dev"))).Snapshot.Resources.ShouldBeEmpty();
        (await ReadAsync(Encoding.UTF8.GetBytes("{\"version\":0,\"checkpoint\":{\"stack\":\"organization/lamp/dev\"}}"))).Snapshot.Resources.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1e21, "1e+21")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e-6, "0.000001")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(-1.25e-5, "-0.0000125")]
    [InlineData(123456789012345678d, "123456789012345680")]
    [InlineData(3d, "3")]
    [InlineData(0.1, "0.1")]
    public void Numbers_are_written_as_Go_writes_them(double number, string expected) => JsonNumber.Format(number).ShouldBe(expected);

    private static async Task<(Snapshot Snapshot, StateDocument Document, SecretSeals Seals)> ReadAsync(byte[] content)
    {
        var document = StateDocument.Parse("/b/dev.json", content);
        var seals = new SecretSeals(document.HasSecrets ? await Passphrase.OpenAsync(document.SecretsType, document.SecretsState, CancellationToken.None) : null);
        return (document.Read(seals), document, seals);
    }

    // The same order of keys, too: a diff of two states should show what changed.
    private static string Text(byte[] state)
    {
        using var reader = new JsonTextReader(new StringReader(Encoding.UTF8.GetString(state))) { DateParseHandling = DateParseHandling.None };
        return JToken.ReadFrom(reader).ToString();
    }
}
