using Newtonsoft.Json.Linq;
using Provisioner.Engine.Secrets;
using Pulumi.Wire;

namespace Provisioner.Engine.State;

/// <summary>A deployment's JSON with its secrets in clear.</summary>
internal static class StateExport
{
    public static JToken InClear(JToken deployment, ISecretsManager manager)
    {
        foreach (var secret in ((JContainer)deployment).Descendants().OfType<JObject>().Where(IsSealed).ToArray())
        {
            secret["plaintext"] = manager.Decrypt(secret.Value<string>("ciphertext")!);
            secret.Remove("ciphertext");
        }

        return deployment;
    }

    private static bool IsSealed(JObject json) =>
        json[Signatures.Key] is { Type: JTokenType.String } signature && signature.Value<string>() == Signatures.Secret && json["ciphertext"]?.Type == JTokenType.String;
}
