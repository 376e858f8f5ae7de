using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Text;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;
using Provisioner.Engine.Tests.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.Backend;

public sealed class FileBackendTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeSecrets _secrets = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stack_is_made_updated_listed_and_read()
    {
        var backend = Hosts.Backend(_folder.Path);
        backend.List().ShouldBeEmpty();
        backend.Create("dev");
        backend.List().ShouldBe([new StackSummary("dev", null, 0, null)]);
        (await backend.LoadAsync("dev", _secrets, CancellationToken.None)).Resources.ShouldBeEmpty();

        using (var update = await backend.BeginUpdateAsync("dev", _secrets, _secrets, CancellationToken.None))
        {
            await update.SaveAsync(Snapshots.Large(3), CancellationToken.None);
        }

        var loaded = await backend.LoadAsync("dev", _secrets, CancellationToken.None);
        loaded.Resources.Length.ShouldBe(5);
        loaded.Resources[2].Inputs["psk"].ShouldBe(new PropertyValue.Secret("password 0"));
        backend.List().ShouldHaveSingleItem().ResourceCount.ShouldBe(5);
        File.ReadAllText(_folder.File(".pulumi/meta.yaml")).ShouldBe("version: 1\n");
        ((string)JObject.Parse(File.ReadAllText(_folder.File(".pulumi/stacks/lamp/dev.json"))).SelectToken("checkpoint.stack")!).ShouldBe("organization/lamp/dev");
    }

    [Fact]
    public async Task An_operation_leaves_history_and_backups_as_Pulumi_reads_them()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000).AddTicks(5));
        var backend = Hosts.Backend(_folder.Path, time: time);
        backend.Create("dev");
        var config = ImmutableSortedDictionary<ConfigKey, StackValue>.Empty
            .Add(new("lamp", "ssid"), StackValue.OfText("Lamp Home"))
            .Add(new("lamp", "psk"), new StackValue.Secure("v1:a:b"))
            .Add(new("lamp", "n"), new StackValue.List([new StackValue.Scalar("1", ScalarKind.Integer)]));

        using (var update = await backend.BeginUpdateAsync("dev", _secrets, _secrets, CancellationToken.None))
        {
            await update.SaveAsync(Snapshots.Large(1), CancellationToken.None);
            time.Now += TimeSpan.FromSeconds(3);
            update.Finish(DeploymentKind.Update, true, new Dictionary<StepOperation, int> { [StepOperation.CreateReplacement] = 1, [StepOperation.Same] = 2, [StepOperation.Delete] = 0 }, config);
        }

        const string Name = "dev-1700000003000000500";
        JToken.DeepEquals(
            JObject.Parse(File.ReadAllText(_folder.File($".pulumi/history/lamp/dev/{Name}.history.json"))),
            JObject.Parse("""
                {
                  "kind": "update", "startTime": 1700000000, "message": "", "environment": {"exec.kind": "embedded"},
                  "config": {"lamp:n": [1], "lamp:psk": {"secure": "v1:a:b"}, "lamp:ssid": "Lamp Home"},
                  "version": 0, "result": "succeeded", "endTime": 1700000003,
                  "resourceChanges": {"create-replacement": 1, "same": 2}
                }
                """)).ShouldBeTrue();
        var state = File.ReadAllText(_folder.File(".pulumi/stacks/lamp/dev.json"));
        File.ReadAllText(_folder.File($".pulumi/history/lamp/dev/{Name}.checkpoint.json")).ShouldBe(state);
        File.ReadAllText(_folder.File(".pulumi/backups/lamp/dev/dev.1700000003000000500.json")).ShouldBe(state);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Nobody_else_can_read_what_the_backend_writes()
    {
        await UpdateAsync(Snapshots.Large(1));

        foreach (var file in Directory.EnumerateFiles(_folder.File(".pulumi"), "*", SearchOption.AllDirectories))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }

        foreach (var directory in Directory.EnumerateDirectories(_folder.File(".pulumi"), "*", SearchOption.AllDirectories))
        {
            File.GetUnixFileMode(directory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, directory);
        }
    }

    [Fact]
    public async Task A_secret_stands_in_no_file_in_clear_in_base64_or_in_hex()
    {
        const string Canary = "Tr0ub4dor&3 canary";
        using var secrets = new Engine.Secrets.PassphraseSecrets(Secrets.PassphraseSecretsTests.Given("p"));
        var (manager, salt) = await secrets.CreateAsync(CancellationToken.None);
        var snapshot = Snapshots.Of(Snapshots.Stack with
        {
            Outputs = PropertyMap.Of(
                ("psk", new PropertyValue.Secret(Canary)),
                ("nested", new PropertyValue.Secret(new PropertyValue.Array([Canary, new PropertyValue.Secret(Canary)]))),
                ("output", new PropertyValue.Output(Canary, true, []))),
        });
        var backend = Hosts.Backend(_folder.Path);
        backend.Create("dev");
        for (var round = 0; round < 2; round++)
        {
            using var update = await backend.BeginUpdateAsync("dev", manager, secrets, CancellationToken.None);
            await update.SaveAsync(snapshot with { PendingOperations = [new(snapshot.Resources[0], PendingOperationType.Updating)] }, CancellationToken.None);
            update.Finish(DeploymentKind.Update, true, new Dictionary<StepOperation, int>(), ImmutableSortedDictionary<ConfigKey, StackValue>.Empty.Add(new("lamp", "psk"), new StackValue.Secure(manager.Encrypt(Canary))));
        }

        var bytes = Encoding.UTF8.GetBytes(Canary);
        string[] forms = [Canary, JToken.FromObject(Canary).ToString(Newtonsoft.Json.Formatting.None).Trim('"'), Convert.ToBase64String(bytes)[..^4], Convert.ToHexString(bytes), Uri.EscapeDataString(Canary)];
        var files = Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).ToArray();
        files.Length.ShouldBeGreaterThan(7);
        foreach (var text in files.Select(File.ReadAllText))
        {
            forms.ShouldAllBe(form => !text.Contains(form, StringComparison.OrdinalIgnoreCase));
        }

        (await backend.LoadAsync("dev", secrets, CancellationToken.None)).Resources[0].Outputs["psk"].ShouldBe(new PropertyValue.Secret(Canary));
        (await backend.ExportInClearAsync("dev", secrets, CancellationToken.None)).ShouldContain(Canary);
        backend.Export("dev").ShouldNotContain(Canary);
        backend.Export("dev").ShouldContain(salt);
    }

    [Fact]
    public async Task The_export_is_what_Pulumi_imports()
    {
        await UpdateAsync(Snapshots.Large(1));

        var export = JObject.Parse(Hosts.Backend(_folder.Path).Export("dev"));

        export.Properties().Select(property => property.Name).ShouldBe(["version", "features", "deployment"]);
        ((JArray)export["deployment"]!["resources"]!).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Saving_again_what_was_loaded_keeps_the_ciphertexts()
    {
        await UpdateAsync(Snapshots.Large(2));
        var before = Ciphertexts();

        var backend = Hosts.Backend(_folder.Path);
        using (var update = await backend.BeginUpdateAsync("dev", _secrets, _secrets, CancellationToken.None))
        {
            await update.SaveAsync(update.Snapshot with { Resources = [.. update.Snapshot.Resources.Select(resource => resource with { Modified = DateTimeOffset.UnixEpoch })] }, CancellationToken.None);
        }

        Ciphertexts().ShouldBe(before);
    }

    [Fact]
    public async Task Another_salt_encrypts_everything_anew()
    {
        await UpdateAsync(Snapshots.Large(2));
        var before = Ciphertexts();
        var other = new FakeSecrets("other");

        var backend = Hosts.Backend(_folder.Path);
        using (var update = await backend.BeginUpdateAsync("dev", other, _secrets, CancellationToken.None))
        {
            await update.SaveAsync(update.Snapshot, CancellationToken.None);
        }

        Ciphertexts().Intersect(before).ShouldBeEmpty();
        (await backend.LoadAsync("dev", _secrets, CancellationToken.None)).Resources[2].Inputs["psk"].ShouldBe(new PropertyValue.Secret("password 0"));
    }

    [Fact]
    public async Task A_secret_without_a_manager_is_an_error_and_the_state_stays()
    {
        var backend = Hosts.Backend(_folder.Path);
        backend.Create("dev");
        using var update = await backend.BeginUpdateAsync("dev", null, _secrets, CancellationToken.None);
        var before = File.ReadAllText(_folder.File(".pulumi/stacks/lamp/dev.json"));

        (await Should.ThrowAsync<Engine.Secrets.SecretsException>(() => update.SaveAsync(Snapshots.Large(1), CancellationToken.None))).Code.ShouldBe("secrets-manager-missing");

        File.ReadAllText(_folder.File(".pulumi/stacks/lamp/dev.json")).ShouldBe(before);
    }

    [Fact]
    public async Task A_state_cut_in_half_is_left_alone_and_the_whole_copy_is_named()
    {
        await UpdateAsync(Snapshots.Large(1));
        await UpdateAsync(Snapshots.Large(2));
        var path = _folder.File(".pulumi/stacks/lamp/dev.json");
        var half = File.ReadAllBytes(path)[..^200];
        File.WriteAllBytes(path, half);
        var backend = Hosts.Backend(_folder.Path);

        var error = await Should.ThrowAsync<StateFileException>(() => backend.BeginUpdateAsync("dev", _secrets, _secrets, CancellationToken.None));

        error.Message.ShouldContain($"{path} is cut off: it ends at byte {half.Length}, inside checkpoint.latest.resources[3]");
        error.Message.ShouldContain($"{path}.bak is whole");
        File.ReadAllBytes(path).ShouldBe(half);
        backend.List().ShouldHaveSingleItem().Problem.ShouldBe(error.Message);
        Directory.EnumerateFiles(_folder.File(".pulumi/locks"), "*", SearchOption.AllDirectories).ShouldBeEmpty();

        File.Copy($"{path}.bak", path, overwrite: true);
        (await backend.LoadAsync("dev", _secrets, CancellationToken.None)).Resources.Length.ShouldBe(3);
    }

    [Fact]
    public void A_stack_that_is_not_there_or_there_already_is_named()
    {
        var backend = Hosts.Backend(_folder.Path);
        backend.Create("dev");

        Should.Throw<StackExistsException>(() => backend.Create("dev")).Message.ShouldContain("stack select dev");
        Should.Throw<StackNotFoundException>(() => backend.Export("prod")).Message.ShouldContain("stack init prod");
        Should.Throw<ConfigurationException>(() => backend.Create("..")).Message.ShouldContain("no stack name");
        Should.Throw<ConfigurationException>(() => backend.Create("a/b"));
    }

    [Theory]
    [InlineData("gzip", "gz", new byte[] { 0x1f, 0x8b })]
    [InlineData("zstd", "zst", new byte[] { 0x28, 0xb5, 0x2f, 0xfd })]
    public async Task A_compressed_state_is_read_and_stays_compressed(string tool, string extension, byte[] magic)
    {
        var backend = Hosts.Backend(_folder.Path);
        backend.Create("dev");
        using (var update = await backend.BeginUpdateAsync("dev", _secrets, _secrets, CancellationToken.None))
        {
            await update.SaveAsync(Snapshots.Large(3), CancellationToken.None);
        }

        var plain = _folder.File(".pulumi/stacks/lamp/dev.json");
        var compressed = $"{plain}.{extension}";
        Tool(tool, "--keep", "--quiet", plain);
        (await Should.ThrowAsync<StateFileException>(() => backend.LoadAsync("dev", _secrets, CancellationToken.None))).Message.ShouldContain("more than one state file");
        File.Delete(plain);
        using (var update = await backend.BeginUpdateAsync("dev", _secrets, _secrets, CancellationToken.None))
        {
            update.Snapshot.Resources.Length.ShouldBe(5);
            await update.SaveAsync(Snapshots.Large(1), CancellationToken.None);
            update.Finish(DeploymentKind.Update, true, new Dictionary<StepOperation, int>(), ImmutableSortedDictionary<ConfigKey, StackValue>.Empty);
        }

        File.Exists(plain).ShouldBeFalse();
        File.ReadAllBytes(compressed)[..magic.Length].ShouldBe(magic);
        Tool(tool, "--test", "--quiet", compressed);
        (await backend.LoadAsync("dev", _secrets, CancellationToken.None)).Resources.Length.ShouldBe(3);
        backend.List().ShouldHaveSingleItem().ResourceCount.ShouldBe(3);
        JObject.Parse(File.ReadAllText(Directory.EnumerateFiles(_folder.File(".pulumi/backups/lamp/dev")).Single()))["checkpoint"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("dev.json.gz", "is damaged")]
    [InlineData("dev.json.zst", "is damaged")]
    public async Task A_compressed_state_that_cannot_be_read_still_counts_as_a_stack(string name, string message)
    {
        var backend = Hosts.Backend(_folder.Path);
        Directory.CreateDirectory(_folder.File(".pulumi/stacks/lamp"));
        File.WriteAllText(_folder.File($".pulumi/stacks/lamp/{name}"), "no archive of any kind");

        (await Should.ThrowAsync<StateFileException>(() => backend.LoadAsync("dev", _secrets, CancellationToken.None))).Message.ShouldContain(message);
        Should.Throw<StackExistsException>(() => backend.Create("dev"));
        backend.List().ShouldHaveSingleItem().Name.ShouldBe("dev");
    }

    [Theory]
    [InlineData(".pulumi/meta.yaml", "version: 2\n", "layout 2")]
    [InlineData(".pulumi/meta.yaml", "nothing: here\n", "layout (none)")]
    [InlineData(".pulumi/meta.yaml", "{", "meta.yaml")]
    [InlineData(".pulumi/stacks/dev.json", "{}", "pulumi state upgrade")]
    public void Another_layout_is_refused(string file, string text, string expected)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
        File.WriteAllText(_folder.File(file), text);

        Should.Throw<BackendException>(() => Hosts.Backend(_folder.Path)).Message.ShouldContain(expected);
    }

    [Fact]
    public async Task A_snapshot_against_the_rules_is_kept_beside_the_state_and_never_in_its_place()
    {
        var backend = Hosts.Backend(_folder.Path);
        backend.Create("dev");
        using var update = await backend.BeginUpdateAsync("dev", _secrets, _secrets, CancellationToken.None);

        await update.SaveAsync(Snapshots.Of(Snapshots.Stack), CancellationToken.None);

        (await Should.ThrowAsync<StateFileException>(() => update.SaveAsync(Snapshots.Of(Snapshots.Stack with { Parent = "urn:gone" }), CancellationToken.None)))
            .Message.ShouldContain("dev.json.unsound");

        File.ReadAllText(_folder.File(".pulumi/stacks/lamp/dev.json")).ShouldNotContain("urn:gone");
        File.ReadAllText(_folder.File(".pulumi/stacks/lamp/dev.json.unsound")).ShouldContain("urn:gone");
        backend.List().ShouldHaveSingleItem();
    }

    private string[] Ciphertexts() =>
        [.. JObject.Parse(File.ReadAllText(_folder.File(".pulumi/stacks/lamp/dev.json"))).SelectTokens("$..ciphertext").Select(token => (string)token!)];

    private async Task UpdateAsync(Snapshot snapshot)
    {
        var backend = Hosts.Backend(_folder.Path);
        if (!backend.Exists("dev"))
        {
            backend.Create("dev");
        }

        using var update = await backend.BeginUpdateAsync("dev", _secrets, _secrets, CancellationToken.None);
        await update.SaveAsync(snapshot, CancellationToken.None);
        update.Finish(DeploymentKind.Update, true, new Dictionary<StepOperation, int>(), ImmutableSortedDictionary<ConfigKey, StackValue>.Empty);
    }

    private sealed class ManualTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private static void Tool(string name, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(name, arguments);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
    }
}
