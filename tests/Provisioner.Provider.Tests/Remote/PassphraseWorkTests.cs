using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Ssh;

namespace Provisioner.Provider.Tests.Remote;

public sealed class PassphraseWorkTests : IDisposable
{
    private static readonly byte[] Salt = [1, 2, 3, 4, 5, 6, 7, 8];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1001u)]
    [InlineData(uint.MaxValue)]
    public async Task An_openssh_key_that_asks_for_years_of_bcrypt_is_refused_before_it_is_opened(uint rounds)
    {
        var key = await OpenSshKeyAsync();
        var lines = key.TrimEnd().Split('\n');
        var blob = Convert.FromBase64String(string.Concat(lines[1..^1]));
        // The name of the derivation, its options' length, the salt with its length, and then the rounds.
        var at = blob.AsSpan().IndexOf("bcrypt"u8) + "bcrypt".Length + 4 + 4 + 16;
        blob.AsSpan(at, 4).SequenceEqual((byte[])[0, 0, 0, 100]).ShouldBeTrue();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(at), rounds);

        Refusal($"{lines[0]}\n{Convert.ToBase64String(blob, Base64FormattingOptions.InsertLineBreaks)}\n{lines[^1]}\n").ShouldContain($"asks for {rounds} rounds of bcrypt, and at most 1000 are made");
    }

    [Fact]
    public async Task Keys_that_ask_for_what_careful_people_ask_for_are_opened()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportEncryptedPkcs8PrivateKeyPem("open sesame", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 600_000));

        Load(await OpenSshKeyAsync());
        Load(pem);
    }

    [Fact]
    public void So_is_a_pkcs8_key_whose_iterations_or_work_factors_have_no_bound()
    {
        Refusal(Pkcs8(PkcsObjectIdentifiers.IdPbkdf2, DerInteger.ValueOf(10_000_001), DerInteger.ValueOf(32))).ShouldContain("asks for 10000001 iterations, and at most 10000000 are made");
        Refusal(Pkcs8(PkcsObjectIdentifiers.IdPbkdf2, new DerInteger(Org.BouncyCastle.Math.BigInteger.One.ShiftLeft(200)))).ShouldContain("iterations");
        Refusal(Pkcs8(new DerObjectIdentifier("1.3.6.1.4.1.11591.4.11"), DerInteger.ValueOf(1 << 20), DerInteger.ValueOf(8), DerInteger.ValueOf(1))).ShouldContain("scrypt with 1048576, 8, 1");
        Refusal(Pkcs8(null, DerInteger.ValueOf(int.MaxValue))).ShouldContain("asks for 2147483647 iterations");
        PassphraseWork.Excess(Encoding.ASCII.GetBytes(Pkcs8(new DerObjectIdentifier("1.3.6.1.4.1.11591.4.11"), DerInteger.ValueOf(1 << 15), DerInteger.ValueOf(8), DerInteger.ValueOf(1), DerInteger.ValueOf(32)))).ShouldBeNull();
        PassphraseWork.Excess(Encoding.ASCII.GetBytes(Pkcs8(PkcsObjectIdentifiers.IdPbkdf2, DerInteger.ValueOf(10_000_000)))).ShouldBeNull();
    }

    [Theory]
    [InlineData(8192, 13, 1, true)]
    [InlineData(262144, 16, 64, true)]
    [InlineData(262145, 1, 1, false)]
    [InlineData(8192, 513, 1, false)]
    [InlineData(8192, 13, 65, false)]
    public void And_a_putty_key_whose_argon2_takes_more_memory_or_time_than_there_is(long memory, long passes, long lanes, bool isFine)
    {
        var excess = PassphraseWork.Excess(Encoding.ASCII.GetBytes($"PuTTY-User-Key-File-3: ssh-ed25519\r\nKey-Derivation: Argon2id\r\nArgon2-Memory: {memory}\r\nArgon2-Passes: {passes}\r\nArgon2-Parallelism: {lanes}\r\n"));

        (excess is null).ShouldBe(isFine);
    }

    [Fact]
    public async Task What_is_no_file_is_neither_a_private_key_nor_a_file_of_known_hosts()
    {
        await Tool.RunAsync("mkfifo", _folder["pipe"]);

        foreach (var (path, kind) in ((string, string)[])[(_folder["pipe"], "a FIFO"), (_folder.Path, "a folder"), ("/dev/zero", "a character device")])
        {
            Should.Throw<InputInvalidException>(() => SshCredentials.Load(new RemoteOptions { PrivateKeyFile = path })).Message.ShouldContain($"{path} is {kind}, and not a file");
            Should.Throw<InputInvalidException>(() => KnownHosts.Find(path, DeviceAddress.Parse("ssh://root@lamp.local"))).Message.ShouldContain($"{path} is {kind}, and not a file");
        }
    }

    [Fact]
    public void Texts_that_are_no_keys_ask_for_nothing()
    {
        foreach (var text in (string[])["", "-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA", "Argon2-Memory:"])
        {
            PassphraseWork.Excess(Encoding.ASCII.GetBytes(text)).ShouldBeNull(text);
        }
    }

    private static void Load(string key) => SshCredentials.Load(new RemoteOptions { PrivateKey = key, Passphrase = "open sesame" }).Keys.ShouldHaveSingleItem();

    private static string Refusal(string key) =>
        Should.Throw<InputInvalidException>(() => SshCredentials.Load(new RemoteOptions { PrivateKey = key, Passphrase = "open sesame" })).Message;

    private static string Pkcs8(DerObjectIdentifier? derivation, params Asn1Encodable[] numbers)
    {
        var parameters = new DerSequence((Asn1Encodable[])[new DerOctetString(Salt), .. numbers]);
        var algorithm = derivation is null
            ? new AlgorithmIdentifier(PkcsObjectIdentifiers.PbeWithSha1AndDesCbc, parameters)
            : new AlgorithmIdentifier(PkcsObjectIdentifiers.IdPbeS2, new PbeS2Parameters(new KeyDerivationFunc(derivation, parameters), new EncryptionScheme(NistObjectIdentifiers.IdAes256Cbc, new DerOctetString(new byte[16]))));
        var body = new EncryptedPrivateKeyInfo(algorithm, new byte[64]).GetDerEncoded();
        return $"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{Convert.ToBase64String(body, Base64FormattingOptions.InsertLineBreaks)}\n-----END ENCRYPTED PRIVATE KEY-----\n";
    }

    private async Task<string> OpenSshKeyAsync()
    {
        var path = Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"));
        await Tool.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-a", "100", "-N", "open sesame", "-f", path);
        return await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
    }
}
