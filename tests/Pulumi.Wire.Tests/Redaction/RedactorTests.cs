using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Pulumi.Wire.Redaction;

namespace Pulumi.Wire.Tests.Redaction;

public sealed class RedactorTests
{
    private const string Secret = "correct horse under the lamp's $hade";
    private const string Token = "q7Zk3VxT9mWcR2bLhY5nGdPs8AeJfUoX";

    private static readonly string Key =
        "-----BEGIN OPENSSH PRIVATE KEY-----\n"
        + string.Join('\n', Convert.ToBase64String(SHA512.HashData("a key of no machine"u8).Concat(SHA512.HashData("its other half"u8)).Concat(SHA256.HashData("and its end"u8)).ToArray()).Chunk(70).Select(line => new string(line)))
        + "\n-----END OPENSSH PRIVATE KEY-----\n";

    public static TheoryData<string, string> Forms()
    {
        var forms = new TheoryData<string, string>();
        foreach (var secret in (string[])[Secret, Token, "pä$$ wörd & \"lamp\"\\", "Tr0ub4dor&3", "hunter2"])
        {
            var bytes = Encoding.UTF8.GetBytes(secret);
            var base64 = Convert.ToBase64String(bytes);
            var hex = Convert.ToHexStringLower(bytes);
            forms.Add(secret, secret);
            forms.Add(secret, base64);
            forms.Add(secret, Convert.ToBase64String([1, .. bytes, 2, 3]));
            forms.Add(secret, Convert.ToBase64String([1, 2, .. bytes, 3]));
            forms.Add(secret, base64.Replace('+', '-').Replace('/', '_').TrimEnd('='));
            forms.Add(secret, string.Join('\n', Chunks(base64, 4)));
            forms.Add(secret, string.Join("\r\n  ", Chunks(base64, 7)));
            forms.Add(secret, JsonSerializer.Serialize(string.Join('\n', Chunks(base64, 4))));
            forms.Add(secret, Uri.EscapeDataString(base64));
            forms.Add(secret, hex);
            forms.Add(secret, hex.ToUpperInvariant());
            forms.Add(secret, string.Join(' ', Chunks(hex, 2)));
            forms.Add(secret, string.Join(':', Chunks(hex, 2)));
            forms.Add(secret, string.Join(", ", Chunks(hex, 2).Select(digits => "0x" + digits)));
            forms.Add(secret, string.Concat(Chunks(hex, 2).Select(digits => "\\x" + digits)));
            forms.Add(secret, string.Join('\n', Chunks(hex, 8)));
            forms.Add(secret, Uri.EscapeDataString(secret));
            forms.Add(secret, string.Concat(Chunks(hex, 2).Select(digits => "%" + digits)));
            forms.Add(secret, WebUtility.UrlEncode(secret));
            forms.Add(secret, WebUtility.HtmlEncode(secret));
            forms.Add(secret, string.Concat(secret.Select(character => $"&#{(int)character};")));
            forms.Add(secret, JsonSerializer.Serialize(secret));
            forms.Add(secret, JsonSerializer.Serialize(JsonSerializer.Serialize(secret)));
            forms.Add(secret, string.Concat(secret.Select(character => $"\\u{(int)character:x4}")));
            forms.Add(secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { password = secret }, Readable))));
            forms.Add(secret, "'" + secret.Replace("'", "'\\''", StringComparison.Ordinal) + "'");
            forms.Add(secret, string.Concat(secret.Select(character => char.IsAsciiLetterOrDigit(character) ? $"{character}" : $"\\{character}")));
            forms.Add(secret, secret[..3] + "\e[m" + secret[3..]);
            forms.Add(secret, secret[..3] + "\e[1;31m\e[0m" + secret[3..5] + "\r" + secret[5..]);
            forms.Add(secret, secret[..2] + "\e]0;title\a" + secret[2..]);
            forms.Add(secret, "\e]0;" + secret + "\a");
            forms.Add(secret, secret[..4] + "\0" + secret[4..]);
            forms.Add(secret, secret[..4] + "\u200b\u2060" + secret[4..]);
            forms.Add(secret, JsonSerializer.Serialize(secret[..3] + "\e[m" + secret[3..]));
            forms.Add(secret, base64[..5] + "\e[0m" + base64[5..]);
        }

        return forms;
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_secret_is_taken_out_in_every_form(string secret, string text)
    {
        var redactor = new Redactor();
        redactor.Learn(secret);

        var redacted = redactor.Redact($"before {text} after");

        redacted.ShouldContain(Redactor.Mark);
        redacted.ShouldStartWith("before ");
        redacted.ShouldEndWith(" after");
        redactor.Finds(redacted).ShouldBeFalse(redacted);
        (redacted.Length - Redactor.Mark.Length - "before  after".Length).ShouldBeLessThan(26, redacted);
        foreach (var form in (string[])[secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret))])
        {
            Enumerable.Range(0, form.Length - 5).ShouldAllBe(start => !redacted.Contains(form.Substring(start, 6), StringComparison.OrdinalIgnoreCase), redacted);
        }
    }

    [Property]
    public void No_secret_of_ordinary_length_survives(NonEmptyString given, NonEmptyString around)
    {
        var secret = "s3" + given.Get;
        var redactor = new Redactor();
        redactor.Learn(secret);

        redactor.Redact(around.Get + secret + around.Get).ShouldNotContain(secret);
    }

    [Property]
    public void Text_without_a_secret_stays_as_it_is(NonEmptyString[] secrets, NonEmptyString text)
    {
        var redactor = new Redactor();
        foreach (var secret in secrets)
        {
            redactor.Learn("Zq7" + secret.Get);
        }

        // No string of FsCheck's has these three in a row.
        var plain = text.Get.Replace("Zq7", string.Empty, StringComparison.Ordinal);
        redactor.Redact(plain).ShouldBe(plain);
    }

    [Fact]
    public void Secrets_are_learned_wherever_they_stand_in_a_map()
    {
        var redactor = new Redactor();
        redactor.Learn(PropertyMap.Of(
            ("plain", "visible"),
            ("pin", new PropertyValue.Secret(482913)),
            ("password", new PropertyValue.Secret("hidden-one")),
            ("nested", new PropertyValue.Object(PropertyMap.Of(("list", new PropertyValue.Array([new PropertyValue.Secret("hidden-two")])))))));

        redactor.Redact("visible hidden-one hidden-two 482913").ShouldBe("visible [secret] [secret] [secret]");
    }

    [Fact]
    public void Where_a_secret_connection_leads_stays_readable()
    {
        var redactor = new Redactor();
        redactor.Learn(PropertyMap.Of(("connection", new PropertyValue.Secret(new PropertyValue.Object(PropertyMap.Of(
            ("host", "lamp.local"), ("user", "root"), ("port", 2222), ("password", "hidden-one")))))));

        redactor.Redact("root@lamp.local:2222 refused hidden-one").ShouldBe("root@lamp.local:2222 refused [secret]");
    }

    [Fact]
    public void The_lines_of_a_private_key_are_secret_one_by_one()
    {
        var redactor = new Redactor();
        redactor.Learn(Key);

        foreach (var line in Key.Split('\n').Where(line => line.Length >= 8))
        {
            redactor.Redact($"line {line} of it").ShouldBe(line.StartsWith('-') ? $"line {line} of it" : "line [secret] of it");
        }

        redactor.Redact("-----BEGIN OPENSSH PRIVATE KEY-----").ShouldBe("-----BEGIN OPENSSH PRIVATE KEY-----");
    }

    [Theory]
    [InlineData(76)]
    [InlineData(64)]
    [InlineData(60)]
    [InlineData(32)]
    public void The_lines_of_its_encodings_are_as_secret_each_by_itself(int width)
    {
        // A program's output comes line by line: nobody sees the whole of it.
        var redactor = new Redactor();
        redactor.Learn(Key);
        var bytes = Encoding.UTF8.GetBytes(Key);

        foreach (var line in Chunks(Convert.ToBase64String(bytes), width).Concat(Chunks(Convert.ToHexStringLower(bytes), width)).Where(line => line.Length == width))
        {
            redactor.Redact($"| {line}").Length.ShouldBeLessThan(16, line);
        }
    }

    [Theory]
    [InlineData(Token)]
    [InlineData(Secret)]
    public void A_secret_that_was_cut_off_is_not_shown_up_to_there(string secret)
    {
        var redactor = new Redactor();
        redactor.Learn(secret);

        redactor.Redact(secret[..24] + " …").ShouldBe("[secret] …");
        redactor.Redact("… " + secret[^24..]).ShouldBe("… [secret]");
    }

    [Fact]
    public void Words_that_a_long_secret_shares_with_other_texts_stay()
    {
        var redactor = new Redactor();
        redactor.Learn("[connection]\nid=Lamp Home\ntype=wifi\n\n[wifi-security]\nkey-mgmt=wpa-psk\npsk=7d1fb6f4a4f2bf6eff8e7b2a0ae8d43a7c9a9c2a2d7e8f54d3d0c2b1a0998877\n");

        var redacted = redactor.Redact("write /etc/NetworkManager/system-connections/Lamp Home.nmconnection; psk=7d1fb6f4a4f2bf6eff8e7b2a0ae8d43a7c9a9c2a2d7e8f54d3d0c2b1a0998877");

        redacted.ShouldBe("write /etc/NetworkManager/system-connections/Lamp Home.nmconnection; [secret]");
    }

    [Fact]
    public void Words_that_hide_nothing_are_no_secrets()
    {
        var redactor = new Redactor();
        redactor.Learn("true");
        redactor.Learn("ok");

        redactor.Redact("true, that is ok").ShouldBe("true, that is ok");
    }

    [Fact]
    public void A_map_is_told_without_secrets_and_kept_with_them_marked()
    {
        var redactor = new Redactor();
        redactor.Learn(Token);
        var map = PropertyMap.Of(
            ("clear", $"the token is {Token}"), ("marked", new PropertyValue.Secret(Token)), ("list", new PropertyValue.Array(["a", Token])), ("other", 5));

        redactor.Redact(map).ShouldBe(map.With("clear", "the token is [secret]").With("list", new PropertyValue.Array(["a", "[secret]"])));
        redactor.Seal(map).ShouldBe(map
            .With("clear", new PropertyValue.Secret($"the token is {Token}"))
            .With("list", new PropertyValue.Array(["a", new PropertyValue.Secret(Token)])));
        redactor.Redact(map)["other"].ShouldBeSameAs(map["other"]);
    }

    [Fact]
    public void A_thousand_keys_of_one_kind_are_each_found_and_told_apart_from_what_they_share()
    {
        const string Header = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";
        var redactor = new Redactor();
        var keys = Enumerable.Range(0, 1000).Select(number => Convert.ToBase64String(SHA512.HashData(BitConverter.GetBytes(number)))).ToList();
        foreach (var key in keys)
        {
            redactor.Learn($"-----BEGIN OPENSSH PRIVATE KEY-----\n{Header}\n{key}\n-----END OPENSSH PRIVATE KEY-----\n");
        }

        keys.ShouldAllBe(key => redactor.Redact($"a {key} b") == "a [secret] b");
        keys.ShouldAllBe(key => redactor.Redact(Convert.ToBase64String(Encoding.UTF8.GetBytes(Header + "\n" + key + "\n"))).Length < 20);
        redactor.Redact(Convert.ToBase64String(SHA512.HashData("of nobody"u8))).ShouldNotContain(Redactor.Mark);
    }

    private static IEnumerable<string> Chunks(string text, int width) => text.Chunk(width).Select(chunk => new string(chunk));
}
