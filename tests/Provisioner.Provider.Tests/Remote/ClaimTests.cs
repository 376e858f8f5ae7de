using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Claims;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>Two operators at one device, over a real sshd; the device has a /run of its own.</summary>
public sealed class ClaimTests : IAsyncLifetime
{
    private static readonly Operator Desk = Operator.Of("urn:pulumi:dev::lamp::provisioner:index:Disk::lamp") with { Token = new string('a', 32), Name = "ada@desk, stack dev of lamp" };
    private static readonly Operator Couch = Desk with { Token = new string('b', 32), Name = "bob@couch, stack dev of lamp" };

    private readonly TemporaryFolder _folder = new();
    private readonly SshServer _server;

    public ClaimTests()
    {
        var command = _folder.Write("command", $"""
            #!/bin/sh
            exec unshare --mount --map-root-user -- sh -c 'set -e; mount --bind "$0/run" /run; exec sh -c "$1"' {_folder.Path} "$SSH_ORIGINAL_COMMAND"
            """, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(_folder["run"]);
        _server = new SshServer($"ForceCommand {command}");
    }

    public async ValueTask InitializeAsync() => await _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_second_operator_is_refused_before_anything_is_changed_and_told_who_changes_the_device()
    {
        await using var desk = Hub();
        await using var couch = Hub();
        await ChangeAsync(desk, Desk);

        var refused = await Should.ThrowAsync<DeviceHeldException>(() => ChangeAsync(couch, Couch, "touch /run/changed"));

        refused.Why!.ShouldMatch(@"^ada@desk, stack dev of lamp changes it, since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC; nothing was begun$");
        File.Exists(_folder["run/changed"]).ShouldBeFalse();
        await ChangeAsync(desk, Desk);
    }

    [Fact]
    public async Task Who_only_looks_is_let_in()
    {
        await using var desk = Hub();
        await using var couch = Hub();
        await ChangeAsync(desk, Desk);

        (await couch.ForLooking(_server.Address()).RunAsync(Script.Looking(Shell.Of($"echo here")), default)).Text.ShouldBe("here\n");
    }

    [Fact]
    public async Task The_device_is_let_go_when_a_run_has_ended()
    {
        await using (var desk = Hub())
        {
            await ChangeAsync(desk, Desk);
        }

        await using var couch = Hub();
        await ChangeAsync(couch, Couch);
    }

    [Fact]
    public async Task A_run_of_the_same_stack_goes_on_where_one_was_killed()
    {
        Leave(Desk, age: 1);
        await using var again = Hub();

        await ChangeAsync(again, Desk);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(61, false)]
    public async Task A_lost_operator_holds_the_device_for_a_minute(int age, bool isHeld)
    {
        Leave(Desk, age);
        await using var couch = Hub();

        Func<Task> change = () => ChangeAsync(couch, Couch);

        if (isHeld)
        {
            await Should.ThrowAsync<DeviceHeldException>(change);
        }
        else
        {
            await change();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("token alone")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nnever\nsomebody\nonce\n")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n99999999999999999999\nsomebody\nonce\n")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n999999999\nof another boot\nonce\n")]
    public async Task A_claim_that_says_nothing_holds_nothing(string content)
    {
        await File.WriteAllTextAsync(_folder["run/provisioner-operator"], content);
        await using var couch = Hub();

        await ChangeAsync(couch, Couch);
    }

    [Fact]
    public async Task What_another_operator_calls_himself_reaches_no_terminal_as_it_is()
    {
        Leave(Desk with { Name = "\e]0;owned\a\e[31mada" }, age: 1);
        await using var couch = Hub();

        (await Should.ThrowAsync<DeviceHeldException>(() => ChangeAsync(couch, Couch))).Why!.ShouldStartWith("ada changes it");
    }

    [Fact]
    public async Task Of_many_that_come_at_once_one_is_let_in()
    {
        var hubs = Enumerable.Range(0, 6).Select(_ => Hub()).ToList();
        try
        {
            var tries = hubs.Select((hub, index) => ChangeAsync(hub, Desk with { Token = new string((char)('0' + index), 32) })).ToList();
            await Task.WhenAny(Task.WhenAll(tries), Task.Delay(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));

            tries.Count(one => one.IsCompletedSuccessfully).ShouldBe(1);
            tries.Where(one => one.IsFaulted).ShouldAllBe(one => one.Exception!.InnerException is DeviceHeldException);
        }
        finally
        {
            foreach (var hub in hubs)
            {
                await hub.DisposeAsync();
            }
        }
    }

    private RemoteHub Hub() => new(_server.Options, TimeProvider.System);

    private Task<ScriptResult> ChangeAsync(RemoteHub hub, Operator by, string command = ":") =>
        hub.ForChanging(_server.Address(), by: by).RunAsync(Script.Of(Shell.Of($"sh -c {command}")), TestContext.Current.CancellationToken);

    /// <summary>As a run that was killed leaves it.</summary>
    private void Leave(Operator by, int age)
    {
        var uptime = long.Parse(File.ReadAllText("/proc/uptime").Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);
        File.WriteAllText(_folder["run/provisioner-operator"], $"{by.Token}\n{uptime - age}\n{by.Name}\n2026-08-01 12:00:00 UTC\n");
    }
}
