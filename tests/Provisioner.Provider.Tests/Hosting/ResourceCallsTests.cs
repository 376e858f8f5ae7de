using Grpc.Core;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources;
using Provisioner.Provider.Tests.Modelling;
using Provisioner.Provider.Tests.Remote;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Hosting;

/// <summary>A resource's whole life over the wire, on a real sshd.</summary>
public sealed class ResourceCallsTests(SshServer server) : IClassFixture<SshServer>, IAsyncLifetime
{
    private const string Hush = "hush, little lamp's $ecret";

    private static readonly string Urn = Plugin.Urn("provisioner:index:Note", "first");

    private readonly NoteHandler _handler = new();
    private readonly string _path = Path.Combine(server.Folder, Guid.NewGuid().ToString("n"));
    private Plugin _plugin = null!;

    private PropertyMap Inputs => PropertyMap.Of(
        ("device", server.Address()), ("path", _path), ("content", new PropertyValue.Secret(Hush)), ("mode", "600"), ("ink", "black"));

    public async ValueTask InitializeAsync() =>
        _plugin = await Plugin.StartAsync(PropertyMap.Of(("privateKeyFile", server.Key), ("connectTimeout", "5")), _handler);

    public ValueTask DisposeAsync() => _plugin.DisposeAsync();

    [Fact]
    public async Task Check_fills_in_defaults_and_marks_secrets()
    {
        var response = await CheckAsync(Inputs.Without("mode").Without("ink").With("content", Hush));

        response.Failures.ShouldBeEmpty();
        PropertyCodec.Decode(response.Inputs).ShouldBe(Inputs);
    }

    [Fact]
    public async Task Check_tells_every_property_that_does_not_fit_and_no_secret()
    {
        var response = await CheckAsync(Inputs.With("path", 7.0).With("ink", "red").With("content", new PropertyValue.Array([Hush])));

        response.Failures.Select(failure => failure.Property).ShouldBe(["path", "content", "ink"]);
        response.Failures.ShouldAllBe(failure => !failure.Reason.Contains(Hush, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_applies_the_rules_whose_values_are_known()
    {
        var response = await CheckAsync(Inputs.With("device", PropertyValue.UnknownValue).With("path", "relative"));

        response.Failures.Select(failure => (failure.Property, failure.Reason)).ShouldBe([("path", "must be an absolute path")]);
    }

    [Fact]
    public async Task A_preview_of_a_create_prints_the_steps_that_an_update_then_runs()
    {
        var preview = await CreateAsync(Inputs, isPreview: true);

        File.Exists(_path).ShouldBeFalse();
        PropertyCodec.Decode(preview.Properties)["bytes"].ShouldBeOfType<PropertyValue.Unknown>();
        _plugin.Engine.Said(LogSeverity.Info).ShouldContain($"would run on {server.User}@127.0.0.1:{server.Port}:\n  1. write {_path} (600, from stdin)");
        _plugin.Engine.Log.ShouldAllBe(entry => entry.Urn == Urn);

        var created = await CreateAsync(Inputs, isPreview: false);

        created.Id.ShouldBe(_path);
        created.RefreshBeforeUpdate.ShouldBeTrue();
        (await File.ReadAllTextAsync(_path)).ShouldBe(Hush);
        _plugin.Engine.Log.ShouldContain(entry => entry.Ephemeral && entry.Message == $"1/1 write {_path} (600, from stdin)");
        NothingLeaked();
    }

    [Fact]
    public async Task Many_reads_at_once_are_one_dial()
    {
        var created = await CreateAsync(Inputs, isPreview: false);
        _plugin.Engine.Log.Clear();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ReadAsync(created.Properties)));

        _plugin.Engine.Said(LogSeverity.Debug).Count(line => line.Contains("0 dials, 1 exec", StringComparison.Ordinal)).ShouldBe(10);
    }

    [Fact]
    public async Task A_create_whose_inputs_are_not_known_says_what_it_waits_for()
    {
        var preview = await CreateAsync(Inputs.With("device", PropertyValue.UnknownValue), isPreview: true);

        _plugin.Engine.Said(LogSeverity.Info).ShouldBe(["what will run is known after device"]);
        var outputs = PropertyCodec.Decode(preview.Properties);
        outputs["path"].ShouldBeOfType<PropertyValue.Unknown>();
        outputs["bytes"].ShouldBeOfType<PropertyValue.Unknown>();
        outputs["content"].ShouldBe(new PropertyValue.Secret(PropertyValue.UnknownValue));
    }

    [Fact]
    public async Task A_create_whose_plan_can_be_presumed_is_previewed_step_by_step_although_an_input_is_not_known()
    {
        var preview = await CreateAsync(Inputs.With("mode", PropertyValue.UnknownValue), isPreview: true);

        _plugin.Engine.Said(LogSeverity.Info).ShouldHaveSingleItem().ShouldEndWith($"1. write {_path} (the mode that comes, from stdin)");
        PropertyCodec.Decode(preview.Properties)["path"].ShouldBeOfType<PropertyValue.Unknown>();
        File.Exists(_path).ShouldBeFalse();
    }

    [Fact]
    public async Task Drift_is_found_by_a_read_named_by_a_preview_and_mended_by_an_update()
    {
        var created = await CreateAsync(Inputs, isPreview: false);
        (await DiffAsync(created.Properties, Inputs)).Changes.ShouldBe(DiffResponse.Types.DiffChanges.DiffNone);
        File.SetUnixFileMode(_path, (UnixFileMode)0b110_100_100);

        var read = await ReadAsync(created.Properties);
        var diff = await DiffAsync(read.Properties, Inputs);

        diff.Changes.ShouldBe(DiffResponse.Types.DiffChanges.DiffSome);
        diff.DetailedDiff.ShouldHaveSingleItem().Key.ShouldBe("mode");
        diff.Replaces.ShouldBeEmpty();
        await UpdateAsync(read.Properties, Inputs, isPreview: true);
        _plugin.Engine.Said(LogSeverity.Info).ShouldContain(text => text.Contains("mode: 644 → 600 (others could read it)", StringComparison.Ordinal));
        await UpdateAsync(read.Properties, Inputs, isPreview: false);
        File.GetUnixFileMode(_path).ShouldBe((UnixFileMode)0b110_000_000);
    }

    [Fact]
    public async Task A_change_that_needs_a_new_resource_is_told_as_a_replacement()
    {
        var created = await CreateAsync(Inputs, isPreview: false);

        var diff = await DiffAsync(created.Properties, Inputs.With("path", _path + "2"));

        diff.Replaces.ShouldBe(["path"]);
        diff.DetailedDiff["path"].Kind.ShouldBe(PropertyDiff.Types.Kind.UpdateReplace);
    }

    [Fact]
    public async Task What_is_gone_reads_as_gone()
    {
        var created = await CreateAsync(Inputs, isPreview: false);
        File.Delete(_path);

        var read = await ReadAsync(created.Properties);

        read.Id.ShouldBeEmpty();
        read.Properties.ShouldBeNull();
    }

    [Fact]
    public async Task A_delete_runs_its_steps()
    {
        var created = await CreateAsync(Inputs, isPreview: false);

        await _plugin.Client.DeleteAsync(new DeleteRequest { Id = _path, Urn = Urn, Properties = created.Properties, OldInputs = PropertyCodec.Encode(Inputs) });

        File.Exists(_path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_create_that_failed_half_way_tells_what_exists_and_why_it_is_not_whole()
    {
        _handler.Then = Script.Of($"cat {_path} >&2; base64 <{_path} >&2; exit 7") with { NeedsRoot = false };

        var failure = await Should.ThrowAsync<RpcException>(() => CreateAsync(Inputs, isPreview: false));

        failure.StatusCode.ShouldBe(StatusCode.Aborted);
        var detail = failure.GetRpcStatus()!.GetDetail<ErrorResourceInitFailed>()!;
        detail.Id.ShouldBe(_path);
        detail.RefreshBeforeUpdate.ShouldBeTrue();
        PropertyCodec.Decode(detail.Properties)["mode"].ShouldBe("600");
        var reason = detail.Reasons.ShouldHaveSingleItem();
        reason.ShouldContain("Step 2 of 2 failed: and then");
        reason.ShouldContain("exit code 7");
        reason.ShouldContain("done before it: write");
        reason.ShouldContain("look at the note");
        reason.ShouldContain("[secret]");
        reason.ShouldNotContain(Hush);
        reason.ShouldNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Hush)));
        NothingLeaked();
    }

    [Fact]
    public async Task An_absent_device_is_a_warning_in_a_preview_and_a_read_and_an_error_in_an_update()
    {
        var created = await CreateAsync(Inputs, isPreview: false);
        var away = Inputs.With("device", $"ssh://root@127.0.0.1:1?hostKey={server.Fingerprint}");
        var before = PropertyCodec.Decode(created.Properties);

        var read = await _plugin.Client.ReadAsync(new ReadRequest { Id = _path, Urn = Urn, Properties = created.Properties, Inputs = PropertyCodec.Encode(away) });
        var diff = await DiffAsync(read.Properties, away);
        diff.DetailedDiff.Keys.ShouldContain("unreachable");
        await UpdateAsync(created.Properties, away, isPreview: true);
        await CreateAsync(away, isPreview: true);
        var failure = await Should.ThrowAsync<RpcException>(() => UpdateAsync(created.Properties, away, isPreview: false));

        PropertyCodec.Decode(read.Properties).Without("unreachable").ShouldBe(before);
        _plugin.Engine.Said(LogSeverity.Warning).Count(text => text.Contains("root@127.0.0.1:1 does not answer", StringComparison.Ordinal)).ShouldBe(3);
        failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        failure.Status.Detail.ShouldContain("device.unreachable");
        failure.Status.Detail.ShouldContain("refused");
        failure.Status.Detail.ShouldContain("ssh -p 1 root@127.0.0.1");
    }

    [Fact]
    public async Task A_stranger_is_refused_in_a_preview_too()
    {
        var stranger = Inputs.With("device", server.Address("SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));

        var failure = await Should.ThrowAsync<RpcException>(() => CreateAsync(stranger, isPreview: true));

        failure.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        failure.Status.Detail.ShouldContain(server.Fingerprint);
    }

    [Fact]
    public async Task What_is_refused_is_a_warning_in_a_preview_and_an_error_before_the_first_step_of_an_update_and_a_delete()
    {
        var created = await CreateAsync(Inputs, isPreview: false);
        _handler.Refusals = [new Refusal("burn the note") { Why = "nobody agreed", Losses = ["a lullaby"], Token = "note-1-abc", Next = "./provision config set …" }];

        await UpdateAsync(created.Properties, Inputs.With("mode", "644"), isPreview: true);
        var update = await Should.ThrowAsync<RpcException>(() => UpdateAsync(created.Properties, Inputs.With("mode", "644"), isPreview: false));
        var create = await Should.ThrowAsync<RpcException>(() => CreateAsync(Inputs.With("path", _path + "2"), isPreview: false));
        var delete = await Should.ThrowAsync<RpcException>(async () => await _plugin.Client.DeleteAsync(
            new DeleteRequest { Id = _path, Urn = Urn, Properties = created.Properties, OldInputs = PropertyCodec.Encode(Inputs) }));

        _plugin.Engine.Said(LogSeverity.Warning).ShouldContain("up will refuse to burn the note\n  nobody agreed\n  lost would be:\n    a lullaby\n  ./provision config set …");
        _plugin.Engine.Said(LogSeverity.Info).ShouldContain(text => text.Contains(", once nothing is refused any more:\n  1. write", StringComparison.Ordinal));
        foreach (var failure in new[] { update, create, delete })
        {
            failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
            failure.Status.Detail.ShouldStartWith("Refused to burn the note");
            failure.Status.Detail.ShouldContain("a lullaby");
            failure.Status.Detail.ShouldContain("refused.destructive");
            failure.Status.Detail.Contains("a deletion goes by the consent that the last up was given", StringComparison.Ordinal).ShouldBe(failure == delete);
        }

        File.GetUnixFileMode(_path).ShouldBe((UnixFileMode)0b110_000_000);
        File.Exists(_path + "2").ShouldBeFalse();
    }

    [Fact]
    public async Task A_delete_that_would_be_refused_is_told_by_every_look_before()
    {
        var created = await CreateAsync(Inputs, isPreview: false);
        _handler.Refusals = [new Refusal("burn the note")];

        await DiffAsync(created.Properties, Inputs);

        _plugin.Engine.Said(LogSeverity.Info).ShouldContain("a delete would be refused as things are:\nup will refuse to burn the note");
    }

    [Fact]
    public async Task A_step_that_looks_again_and_finds_something_else_is_a_refusal_that_tells_what_it_found()
    {
        _handler.Then = Script.Of($"echo 'a poem' >&2; exit {Recheck.Refused}") with { NeedsRoot = false };

        var failure = await Should.ThrowAsync<RpcException>(() => CreateAsync(Inputs, isPreview: false));

        failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        failure.Status.Detail.ShouldContain("The device refused it in the last moment\n         a poem");
        failure.Status.Detail.ShouldContain("refused.destructive");
        failure.GetRpcStatus()!.GetDetail<ErrorResourceInitFailed>()!.Id.ShouldBe(_path);
    }

    [Fact]
    public async Task A_new_pin_in_the_program_counts_although_a_read_knows_the_old_one_only()
    {
        var created = await CreateAsync(Inputs, isPreview: false);
        var old = Inputs.With("device", server.Address("SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));

        var read = await _plugin.Client.ReadAsync(new ReadRequest { Id = _path, Urn = Urn, Properties = created.Properties, Inputs = PropertyCodec.Encode(old) });

        _plugin.Engine.Said(LogSeverity.Warning).ShouldHaveSingleItem().ShouldContain(server.Fingerprint);
        (await DiffAsync(read.Properties, Inputs)).DetailedDiff.Keys.ShouldContain("unreachable");
        await UpdateAsync(read.Properties, Inputs, isPreview: true);
        var updated = await UpdateAsync(read.Properties, Inputs, isPreview: false);
        PropertyCodec.Decode(updated.Properties).ShouldBe(PropertyCodec.Decode(created.Properties));
        (await Should.ThrowAsync<RpcException>(() => UpdateAsync(read.Properties, old, isPreview: true))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Changes_that_must_be_alone_with_the_device_wait_for_each_other()
    {
        _handler.Alone = true;
        _handler.Then = Script.Of($"mkdir {_path + ".lock"} || exit 9; sleep 0.5; rmdir {_path + ".lock"}") with { NeedsRoot = false };

        var created = await Task.WhenAll(Enumerable.Range(0, 3).Select(index => CreateAsync(Inputs.With("path", _path + index), isPreview: false)));

        created.Select(note => note.Id).ShouldBe([_path + "0", _path + "1", _path + "2"]);
    }

    [Fact]
    public async Task A_delete_that_fails_tells_the_resource_s_own_error()
    {
        var created = await CreateAsync(Inputs, isPreview: false);
        _handler.Instead = Script.Of($"exit 21") with { NeedsRoot = false };

        var failure = await Should.ThrowAsync<RpcException>(async () => await _plugin.Client.DeleteAsync(
            new DeleteRequest { Id = _path, Urn = Urn, Properties = created.Properties, OldInputs = PropertyCodec.Encode(Inputs) }));

        failure.Status.Detail.ShouldContain("change.undone");
        File.Exists(_path).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_to_stay_is_left_without_asking_the_device()
    {
        await using var plugin = await Plugin.StartAsync(PropertyMap.Of(("privateKeyFile", server.Key)), [.. AllResources.Create()]);
        var inputs = PropertyMap.Of(
            ("device", $"ssh://root@127.0.0.1:1?hostKey={server.Fingerprint}"), ("ssid", "Lamp Home"), ("password", new PropertyValue.Secret(Hush)), ("onDelete", "keep"));
        var delete = new DeleteRequest { Id = "x", Urn = Plugin.Urn("provisioner:index:WifiProfile", "home"), OldInputs = PropertyCodec.Encode(inputs) };

        await plugin.Client.DeleteAsync(delete);

        plugin.Engine.Said(LogSeverity.Warning).ShouldHaveSingleItem().ShouldContain("Lamp Home.nmconnection stays on the device");
        delete.OldInputs = PropertyCodec.Encode(inputs.Without("onDelete"));
        (await Should.ThrowAsync<RpcException>(async () => await plugin.Client.DeleteAsync(delete))).Status.Detail.ShouldContain("device.unreachable");
    }

    [Fact]
    public async Task Cancel_ends_what_is_under_way()
    {
        _handler.Then = Script.Of($"sleep 1000") with { NeedsRoot = false };
        var creating = CreateAsync(Inputs, isPreview: false);
        await Tool.UntilAsync(() => _plugin.Engine.Log.Any(entry => entry.Message.StartsWith("2/2", StringComparison.Ordinal)), "the second step runs");

        await _plugin.Client.CancelAsync(new Google.Protobuf.WellKnownTypes.Empty());

        (await Should.ThrowAsync<RpcException>(() => creating)).StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    [Fact]
    public async Task A_type_that_is_not_there_is_refused_with_those_that_are()
    {
        var failure = await Should.ThrowAsync<RpcException>(async () =>
            await _plugin.Client.CheckAsync(new CheckRequest { Urn = Plugin.Urn("provisioner:index:Toaster", "x"), News = PropertyCodec.Encode(Inputs) }));

        failure.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        failure.Status.Detail.ShouldContain("Note");
    }

    private void NothingLeaked() => _plugin.Engine.Log.ShouldAllBe(entry => !entry.Message.Contains(Hush, StringComparison.Ordinal));

    private async Task<CheckResponse> CheckAsync(PropertyMap news) =>
        await _plugin.Client.CheckAsync(new CheckRequest { Urn = Urn, Olds = PropertyCodec.Encode(PropertyMap.Empty), News = PropertyCodec.Encode(news) });

    private async Task<CreateResponse> CreateAsync(PropertyMap inputs, bool isPreview) =>
        await _plugin.Client.CreateAsync(new CreateRequest { Urn = Urn, Properties = PropertyCodec.Encode(inputs), Preview = isPreview });

    private async Task<UpdateResponse> UpdateAsync(Google.Protobuf.WellKnownTypes.Struct olds, PropertyMap news, bool isPreview) =>
        await _plugin.Client.UpdateAsync(new UpdateRequest { Id = _path, Urn = Urn, Olds = olds, OldInputs = PropertyCodec.Encode(Inputs), News = PropertyCodec.Encode(news), Preview = isPreview });

    private async Task<DiffResponse> DiffAsync(Google.Protobuf.WellKnownTypes.Struct olds, PropertyMap news) =>
        await _plugin.Client.DiffAsync(new DiffRequest { Id = _path, Urn = Urn, Olds = olds, OldInputs = PropertyCodec.Encode(Inputs), News = PropertyCodec.Encode(news) });

    private async Task<ReadResponse> ReadAsync(Google.Protobuf.WellKnownTypes.Struct olds) =>
        await _plugin.Client.ReadAsync(new ReadRequest { Id = _path, Urn = Urn, Properties = olds, Inputs = PropertyCodec.Encode(Inputs) });
}
