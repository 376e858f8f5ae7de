using System.Text;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.Secrets;

namespace Provisioner.Engine.Tests.State;

/// <summary>Reversible and quick, with another ciphertext at each call, as real encryption has.</summary>
internal sealed class FakeSecrets(string salt = "salt") : ISecretsManager, ISecretsProvider
{
    private int _count;

    public string Type => "passphrase";

    public JObject State => new() { ["salt"] = salt };

    public int Encrypted => _count;

    public string Encrypt(string plaintext) =>
        $"v1:{Interlocked.Increment(ref _count)}:{salt}:{Convert.ToHexString(Encoding.UTF8.GetBytes(plaintext).Select(value => (byte)(value ^ 0x5a)).ToArray())}";

    public string Decrypt(string ciphertext) =>
        ciphertext.Split(':') is ["v1", _, var other, var hex] && other == salt && hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit)
            ? Encoding.UTF8.GetString([.. Convert.FromHexString(hex).Select(value => (byte)(value ^ 0x5a))])
            : throw new SecretsException("secret-unreadable", "unreadable");

    public Task<ISecretsManager> OpenAsync(string type, JObject? state, CancellationToken cancellationToken)
    {
        type.ShouldBe("passphrase");
        return Task.FromResult<ISecretsManager>(new FakeSecrets(state!.Value<string>("salt")!));
    }
}
