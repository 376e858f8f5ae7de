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
    public void So_are_files_archives_numbers_and_outputs_in_it()
    {
        var redactor = new Redactor();
        redactor.Learn(Token);
        redactor.Learn("482913");
        var file = new PropertyValue.Asset(new AssetSource.Text($"token={Token}\n"), "00");
        var clean = new PropertyValue.Asset(new AssetSource.Text("nothing"), "01");
        var archive = new PropertyValue.Archive(new ArchiveSource.Assets(PropertyMap.Of(("a", file), ("b", clean))), "02");
        var empty = new PropertyValue.Archive(new ArchiveSource.Assets(PropertyMap.Of(("b", clean))), "03");
        var map = PropertyMap.Of(
            ("file", file), ("clean", clean), ("archive", archive), ("empty", empty), ("pin", 482913), ("count", 7),
            ("output", new PropertyValue.Output(Token, IsSecret: false, ["urn"])), ("sealed", new PropertyValue.Output(Token, IsSecret: true, [])),
            ("known", new PropertyValue.Output("visible", IsSecret: false, [])), ("nested", new PropertyValue.Object(PropertyMap.Of(("deep", Token)))));
        var redactedFile = file with { Source = new AssetSource.Text("token=[secret]\n") };

        redactor.Redact(map).ShouldBe(map
            .With("file", redactedFile).With("archive", archive with { Source = new ArchiveSource.Assets(PropertyMap.Of(("a", redactedFile), ("b", clean))) })
            .With("pin", "[secret]").With("output", new PropertyValue.Output("[secret]", IsSecret: false, ["urn"]))
            .With("nested", new PropertyValue.Object(PropertyMap.Of(("deep", "[secret]")))));
        redactor.Seal(map).ShouldBe(map
            .With("file", new PropertyValue.Secret(file)).With("archive", new PropertyValue.Secret(archive)).With("pin", new PropertyValue.Secret(482913))
            .With("output", new PropertyValue.Output(new PropertyValue.Secret(Token), IsSecret: false, ["urn"]))
            .With("nested", new PropertyValue.Object(PropertyMap.Of(("deep", new PropertyValue.Secret(Token))))));
        var plain = PropertyMap.Of(("clean", clean), ("empty", empty), ("list", new PropertyValue.Array(["a", 7])));
        redactor.Seal(plain).ShouldBeSameAs(plain);
    }

    [Fact]
    public void Secrets_are_learned_from_files_archives_numbers_and_outputs()
    {
        var redactor = new Redactor();
        redactor.Learn(PropertyMap.Of(
            ("file", new PropertyValue.Secret(new PropertyValue.Asset(new AssetSource.Text("hidden-file"), ""))),
            ("archive", new PropertyValue.Secret(new PropertyValue.Archive(new ArchiveSource.Assets(PropertyMap.Of(("a", new PropertyValue.Asset(new AssetSource.Text("hidden-entry"), "")))), ""))),
            ("output", new PropertyValue.Output("hidden-output", IsSecret: true, [])),
            ("inner", new PropertyValue.Output(new PropertyValue.Secret("hidden-inner"), IsSecret: false, [])),
            ("outer", new PropertyValue.Secret(new PropertyValue.Output("hidden-outer", IsSecret: false, []))),
            ("plain", new PropertyValue.Output("visible", IsSecret: false, [])),
            ("open", new PropertyValue.Asset(new AssetSource.Text("as well"), "")),
            ("port", new PropertyValue.Secret(443)),
            ("pin", new PropertyValue.Secret(4829))));

        redactor.Redact("hidden-file, hidden-entry, hidden-output, hidden-inner, hidden-outer, 4829: 443 is visible as well")
            .ShouldBe("[secret], [secret], [secret], [secret], [secret], [secret]: 443 is visible as well");
    }

    [Theory]
    [InlineData("l\u00e4mp \U0001F600 under", "l\\u00e4mp \\ud83d\\ude00 under")]
    [InlineData("one\ttwo\nthree\rfour", "one\\ttwo\\nthree\\rfour")]
    [InlineData("a\bb\fc\vd\ae-end", "a\\bb\\fc\\vd\\ae-end")]
    [InlineData("hunter2-hunter2", "\\150\\165\\156\\164\\145\\162\\062-hunter2")]
    [InlineData("hunter2-hunter2", "\\x68unter2\\x2dhunter2")]
    [InlineData("<tag> & \"it's\"", "&lt;tag&gt; &amp; &quot;it&apos;s&quot;")]
    [InlineData("l\u00e4mp shade", "l&#xE4;mp shade")]
    [InlineData("l\u00e4mp shade", "l&#228;mp%20shade")]
    [InlineData("hunter2-hunter2", "hun\u001b]0;title\u001b\\ter2-hunter2")]
    [InlineData("hunter2-hunter2", "hun\u001bMter2-hun\u0007ter2")]
    [InlineData("hunter2-hunter2", "hun\u001b[38;5;1mter2-hunter2")]
    public void An_escape_of_any_sort_hides_nothing_of_a_secret(string secret, string text)
    {
        var redactor = new Redactor();
        redactor.Learn(secret);

        redactor.Redact($"before {text} after").ShouldBe("before [secret] after");
    }

    [Theory]
    [InlineData("50% of &c; &#zz; &#; &#xD800; &#x110000; &unknown; %zz %")]
    [InlineData("C:\\dir\\u12 \\xg \\9 \\ud83d \\ud83dx \\400 \\18 \\")]
    [InlineData("\u001b[38;5 \u001b]0;never closed")]
    [InlineData("\u001b]0;closed by another\u001b[m \u001b")]
    [InlineData("half a pair \ud83d of the two")]
    public void What_only_looks_like_an_escape_is_left_as_it_is(string text)
    {
        var redactor = new Redactor();
        redactor.Learn(Token);

        redactor.Redact(text).ShouldBe(text);
        redactor.Redact($"{text} {Token}").ShouldBe($"{text} [secret]");
    }

    [Fact]
    public void Secrets_that_overlap_leave_one_mark_and_neighbours_one_each()
    {
        var redactor = new Redactor();
        redactor.Learn("abcdefgh");
        redactor.Learn("efghijkl");
        redactor.Learn("bcd");

        redactor.Redact("xabcdefghijkly").ShouldBe("x[secret]y");
        redactor.Redact("abcdefghefghijkl").ShouldBe("[secret][secret]");
        redactor.Finds("abcdefg").ShouldBeTrue();
        redactor.Finds("abc").ShouldBeFalse();
        redactor.Finds("").ShouldBeFalse();
    }

    [Fact]
    public void How_short_a_secret_may_be_is_for_the_caller_to_say()
    {
        var redactor = new Redactor(shortest: 8);
        redactor.Learn("1234567");
        redactor.Learn("TRUE");
        redactor.Learn("12345678");

        redactor.Redact("1234567 TRUE 12345678").ShouldBe("1234567 TRUE [secret]");
        var usual = new Redactor();
        usual.Learn("TRUE");
        usual.Learn("abc");
        usual.Redact("TRUE abc").ShouldBe("TRUE [secret]");
    }

    [Fact]
    public void Nothing_at_all_is_a_mistake_of_the_caller()
    {
        var redactor = new Redactor();

        Should.Throw<ArgumentNullException>(() => redactor.Learn((string)null!));
        Should.Throw<ArgumentNullException>(() => redactor.Learn((PropertyMap)null!));
        Should.Throw<ArgumentNullException>(() => redactor.Finds(null!));
        Should.Throw<ArgumentNullException>(() => redactor.Redact((string)null!));
        Should.Throw<ArgumentNullException>(() => redactor.Redact((PropertyMap)null!));
        Should.Throw<ArgumentNullException>(() => redactor.Seal(null!));
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
