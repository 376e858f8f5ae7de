using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.State;

public sealed class StateRoundTripTests
{
    [Property(MaxTest = 150)]
    public Property Any_state_is_read_as_it_was_written_and_written_again_as_it_was() =>
        Prop.ForAll(RandomState.Snapshot.ToArbitrary(), snapshot =>
        {
            var secrets = new FakeSecrets();
            var seals = new SecretSeals(secrets);
            var written = new StateWriter("organization/lamp/dev", seals, StateEnvelope.Empty).Write(snapshot);

            var document = StateDocument.Parse("dev.json", written);
            var reading = new SecretSeals(secrets);
            var read = document.Read(reading);
            var again = new StateWriter("organization/lamp/dev", reading, document.Envelope).Write(read);

            Shape(read).ShouldBe(Shape(snapshot));
            Encoding.UTF8.GetString(again).ShouldBe(Encoding.UTF8.GetString(written));
        });

    [Property(MaxTest = 60)]
    public Property No_text_of_a_secret_stands_in_a_state_file() =>
        Prop.ForAll(RandomState.Value.ToArbitrary(), value =>
        {
            const string Canary = "correct-horse-canary";
            var hidden = new PropertyValue.Secret(new PropertyValue.Array([value, Canary, new PropertyValue.Secret(Canary)]));
            var output = new PropertyValue.Output(Canary, true, []);
            var snapshot = Snapshots.Of(Snapshots.Stack with { Outputs = PropertyMap.Of(("deep", new PropertyValue.Array([hidden])), ("output", output)) });

            var text = Encoding.UTF8.GetString(new StateWriter("s", new SecretSeals(new FakeSecrets()), StateEnvelope.Empty).Write(snapshot));

            text.ShouldNotContain(Canary);
        });

    [Fact]
    public void A_secret_that_did_not_change_keeps_its_ciphertext_and_is_not_encrypted_again()
    {
        var secrets = new FakeSecrets();
        var writer = new StateWriter("s", new SecretSeals(secrets), StateEnvelope.Empty);
        var first = Snapshots.Of(Snapshots.Stack with { Outputs = Password("one") });
        var changed = Snapshots.Of(first.Resources[0] with { Protect = true, Outputs = Password("one") });

        var before = Ciphertext(writer.Write(first));
        Ciphertext(writer.Write(changed)).ShouldBe(before);
        Ciphertext(writer.Write(Snapshots.Of(first.Resources[0] with { Outputs = Password("two") }))).ShouldNotBe(before);

        secrets.Encrypted.ShouldBe(2);
    }

    [Fact]
    public void The_same_secret_in_two_places_gets_two_ciphertexts()
    {
        var state = new StateWriter("s", new SecretSeals(new FakeSecrets()), StateEnvelope.Empty)
            .Write(Snapshots.Of(Snapshots.Stack with { Inputs = Password("one"), Outputs = Password("one") }));

        var resource = JObject.Parse(Encoding.UTF8.GetString(state)).SelectToken("checkpoint.latest.resources[0]")!;

        ((string)resource["inputs"]!["password"]!["ciphertext"]!).ShouldNotBe((string)resource["outputs"]!["password"]!["ciphertext"]!);
    }

    private static PropertyMap Password(string text) => PropertyMap.Of(("password", new PropertyValue.Secret(text)));

    private static string Ciphertext(byte[] state) =>
        (string)JObject.Parse(Encoding.UTF8.GetString(state)).SelectToken("checkpoint.latest.resources[0].outputs.password.ciphertext")!;

    // Records with arrays inside compare by reference; their parts do not.
    private static string Shape(Snapshot snapshot) =>
        Encoding.UTF8.GetString(new StateWriter("s", new SecretSeals(new NoSecrets()), StateEnvelope.Empty).Write(snapshot));

    private sealed class NoSecrets : Provisioner.Engine.Secrets.ISecretsManager
    {
        public string Type => "passphrase";

        public JObject State => [];

        public string Encrypt(string plaintext) => plaintext;

        public string Decrypt(string ciphertext) => ciphertext;
    }
}
