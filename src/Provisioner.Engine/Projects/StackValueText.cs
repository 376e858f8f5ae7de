using System.Globalization;
using Newtonsoft.Json;

namespace Provisioner.Engine.Projects;

/// <summary>Configuration values as programs get them: scalars as text, lists and mappings as JSON.</summary>
internal static class StackValueText
{
    /// <summary>The text of a value, encrypted parts decrypted.</summary>
    /// <param name="decrypt">Turns a ciphertext into its plaintext.</param>
    public static string Of(StackValue value, Func<string, string> decrypt)
    {
        switch (value)
        {
            case StackValue.Scalar scalar:
                return scalar.Text;
            case StackValue.Secure secure:
                return decrypt(secure.Ciphertext);
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var json = new JsonTextWriter(text);
        Write(json, value, decrypt);
        return text.ToString();
    }

    /// <summary>The text of a value that has no encrypted part.</summary>
    public static string Plain(StackValue value) =>
        Of(value, static _ => throw new InvalidOperationException("The value has an encrypted part."));

    private static void Write(JsonTextWriter json, StackValue value, Func<string, string> decrypt)
    {
        switch (value)
        {
            case StackValue.Scalar { Kind: ScalarKind.Null }:
                json.WriteNull();
                break;
            case StackValue.Scalar { Kind: ScalarKind.Text } scalar:
                json.WriteValue(scalar.Text);
                break;
            case StackValue.Scalar scalar:
                json.WriteRawValue(scalar.Text);
                break;
            case StackValue.Secure secure:
                json.WriteValue(decrypt(secure.Ciphertext));
                break;
            case StackValue.List list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(json, item, decrypt);
                }

                json.WriteEndArray();
                break;
            case StackValue.Map map:
                json.WriteStartObject();
                foreach (var (key, item) in map.Entries)
                {
                    json.WritePropertyName(key);
                    Write(json, item, decrypt);
                }

                json.WriteEndObject();
                break;
        }
    }
}
