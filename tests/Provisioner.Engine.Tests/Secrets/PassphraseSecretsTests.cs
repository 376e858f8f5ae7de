using Provisioner.Engine.Secrets;

namespace Provisioner.Engine.Tests.Secrets;

public sealed class PassphraseSecretsTests
{
    private const string Salt = "v1:AAECAwQFBgc=:v1:EBESExQVFhcYGRob:4w5V4XTUy2mRbxIEeXVP/gg+jdpTxA==";

    [Theory]
    [InlineData("v1:ICEiIyQlJicoKSor:nFPr6dysmwj6EklMl6Juz2FE898sBEY=", "hunter2")]
    [InlineData("v1:MDEyMzQ1Njc4OTo7:2xegkSjGaP/4kvVksYizkAxxw+/dL2CttA==", "\"hunter2\"")]
    public async Task Secrets_that_Pulumi_encrypted_are_read(string ciphertext, string plaintext) =>
        (await OpenAsync(Salt, "correct horse")).Decrypt(ciphertext).ShouldBe(plaintext);

    [Fact]
    public async Task The_state_of_Pulumis_own_test_opens_with_its_password() =>
        (await OpenAsync("v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==", "password")).Type.ShouldBe("passphrase");

    [Fact]
    public async Task The_same_salt_and_nonce_give_Pulumis_ciphertext()
    {
        var bytes = new Queue<byte[]>([[0, 1, 2, 3, 4, 5, 6, 7], [.. Nonce(0x10)], [.. Nonce(0x20)]]);
        using var secrets = new PassphraseSecrets(Given("correct horse"), buffer => bytes.Dequeue().CopyTo(buffer));

        var (manager, salt) = await secrets.CreateAsync(CancellationToken.None);

        salt.ShouldBe(Salt);
        manager.Encrypt("hunter2").ShouldBe("v1:ICEiIyQlJicoKSor:nFPr6dysmwj6EklMl6Juz2FE898sBEY=");
    }

    [Fact]
    public async Task A_wrong_passphrase_is_told_with_where_it_came_from_and_never_shown()
    {
        var error = await Should.ThrowAsync<IncorrectPassphraseException>(OpenAsync(Salt, "wrong horse"));

        error.Message.ShouldContain("incorrect passphrase");
        error.Message.ShouldContain("PULUMI_CONFIG_PASSPHRASE");
        error.ToString().ShouldNotContain("wrong horse");
    }

    [Fact]
    public async Task An_empty_passphrase_is_valid_and_nobody_is_asked()
    {
        using var secrets = new PassphraseSecrets(new PassphraseSource(
            name => name == PassphraseSource.Variable ? string.Empty : null,
            (_, _) => throw new InvalidOperationException("asked")));

        var (manager, salt) = await secrets.CreateAsync(CancellationToken.None);
        using var again = new PassphraseSecrets(Given(string.Empty));

        (await again.OpenAsync(salt, CancellationToken.None)).Decrypt(manager.Encrypt("x")).ShouldBe("x");
    }

    [Fact]
    public async Task A_passphrase_file_is_read_without_the_line_break_at_its_end()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "correct horse\n");
        try
        {
            using var secrets = new PassphraseSecrets(new PassphraseSource(name => name == PassphraseSource.FileVariable ? path : null));

            (await secrets.OpenAsync(Salt, CancellationToken.None)).Decrypt("v1:ICEiIyQlJicoKSor:nFPr6dysmwj6EklMl6Juz2FE898sBEY=").ShouldBe("hunter2");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_person_is_asked_once_for_all_that_one_process_does()
    {
        var asked = 0;
        using var secrets = new PassphraseSecrets(new PassphraseSource(_ => null, (_, _) => Task.FromResult(++asked > 0 ? "correct horse" : "")));

        var both = await Task.WhenAll(secrets.OpenAsync(Salt, CancellationToken.None), secrets.OpenAsync(Salt, CancellationToken.None));
        await secrets.CreateAsync(CancellationToken.None);

        both[0].ShouldBeSameAs(both[1]);
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_passphrase_and_a_person_the_error_names_the_variable()
    {
        using var secrets = new PassphraseSecrets(new PassphraseSource(_ => null));

        (await Should.ThrowAsync<MissingPassphraseException>(secrets.OpenAsync(Salt, CancellationToken.None))).Message.ShouldContain("PULUMI_CONFIG_PASSPHRASE");
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1:AAECAwQFBgc=")]
    [InlineData("v2:AAECAwQFBgc=:v1:a:b")]
    [InlineData("v1:AAEC:v1:a:b")]
    public async Task A_salt_of_another_form_is_an_error(string salt) =>
        (await Should.ThrowAsync<SecretsException>(OpenAsync(salt, "x"))).Code.ShouldBe("secrets-salt-invalid");

    [Fact]
    public async Task A_ciphertext_with_one_changed_character_is_refused()
    {
        var manager = await OpenAsync(Salt, "correct horse");

        foreach (var damaged in new[] { "v1:ICEiIyQlJicoKSor:mFPr6dysmwj6EklMl6Juz2FE898sBEY=", "v1:ICEiIyQlJicoKSop:nFPr6dysmwj6EklMl6Juz2FE898sBEY=", "", "v1:x", "v1:!:!" })
        {
            Should.Throw<SecretsException>(() => manager.Decrypt(damaged)).Code.ShouldBe("secret-unreadable");
        }
    }

    [Fact]
    public async Task Another_kind_of_secrets_provider_is_named_with_the_way_out()
    {
        using var secrets = new PassphraseSecrets(Given("x"));

        var error = await Should.ThrowAsync<SecretsException>(async () => await secrets.OpenAsync("cloud", null, CancellationToken.None));

        error.Message.ShouldContain("\"cloud\"");
        error.Message.ShouldContain("change-secrets-provider");
    }

    internal static PassphraseSource Given(string passphrase) => new(name => name == PassphraseSource.Variable ? passphrase : null);

    private static async Task<ISecretsManager> OpenAsync(string salt, string passphrase)
    {
        var secrets = new PassphraseSecrets(Given(passphrase));
        return await secrets.OpenAsync(salt, CancellationToken.None);
    }

    private static IEnumerable<byte> Nonce(byte first) => Enumerable.Range(first, 12).Select(value => (byte)value);
}
