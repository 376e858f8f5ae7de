using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Provisioner.Provider.Hosting;
using Provisioner.Provider.Remote;
using Pulumi.Wire;

namespace Provisioner.Provider.Tests.Hosting;

public sealed class RedactorTests
{
    private const string Secret = "correct horse under the lamp's $hade";

    public static TheoryData<string, string> Forms()
    {
        var bytes = Encoding.UTF8.GetBytes(Secret);
        return new TheoryData<string, string>
        {
            { "plain", Secret },
            { "base64", Convert.ToBase64String(bytes) },
            { "base64 after one byte", Convert.ToBase64String([1, .. bytes, 2, 3]) },
            { "base64 after two bytes", Convert.ToBase64String([1, 2, .. bytes, 3]) },
            { "hex", Convert.ToHexStringLower(bytes) },
            { "HEX", Convert.ToHexString(bytes) },
            { "url", Uri.EscapeDataString(Secret) },
            { "form", WebUtility.UrlEncode(Secret) },
            { "json", JsonSerializer.Serialize(Secret) },
            { "shell", ShellQuoting.Quote(Secret) },
        };
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_secret_is_taken_out_in_every_form(string form, string text)
    {
        var redactor = new Redactor();
        redactor.Learn(Secret);

        var redacted = redactor.Redact($"before {text} after");

        redacted.ShouldContain(Redactor.Mark, customMessage: form);
        redacted.ShouldStartWith("before ");
        redacted.ShouldEndWith(" after");
        LongestCommonPart(redacted, text).ShouldBeLessThan(8, form);
    }

    [Property]
    public void No_secret_of_ordinary_length_survives(NonEmptyString given, NonEmptyString around)
    {
        var secret = "s3" + given.Get;
        var redactor = new Redactor();
        redactor.Learn(secret);

        redactor.Redact(around.Get + secret + around.Get).ShouldNotContain(secret);
    }

    [Fact]
    public void Secrets_are_learned_wherever_they_stand_in_a_map()
    {
        var redactor = new Redactor();
        redactor.Learn(PropertyMap.Of(
            ("plain", "visible"),
            ("password", new PropertyValue.Secret("hidden-one")),
            ("nested", new PropertyValue.Object(PropertyMap.Of(("list", new PropertyValue.Array([new PropertyValue.Secret("hidden-two")])))))));

        redactor.Redact("visible hidden-one hidden-two").ShouldBe("visible [secret] [secret]");
    }

    [Fact]
    public void The_lines_of_a_private_key_are_secret_one_by_one()
    {
        var redactor = new Redactor();
        redactor.Learn("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\nQyNTUxOQAAACB\n-----END OPENSSH PRIVATE KEY-----\n");

        redactor.Redact("line QyNTUxOQAAACB of -----BEGIN OPENSSH PRIVATE KEY-----").ShouldBe("line [secret] of -----BEGIN OPENSSH PRIVATE KEY-----");
    }

    private static int LongestCommonPart(string left, string right) =>
        Enumerable.Range(0, left.Length).Max(start => Enumerable.Range(0, left.Length - start + 1).Last(length => right.Contains(left.Substring(start, length), StringComparison.Ordinal)));
}
