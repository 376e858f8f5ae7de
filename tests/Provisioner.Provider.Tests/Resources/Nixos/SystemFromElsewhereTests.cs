using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Resources.NixosSystem.Configuration;
using Provisioner.Provider.Resources.NixosSystem.Elsewhere;
using Provisioner.Provider.Systems;
using Provisioner.Provider.Tests.Jobs;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>Systems built by real Nix on this machine, and brought over a real sshd into the Nix store of a device that has one of its own.</summary>
public sealed class SystemFromElsewhereTests(DeviceWithStore device) : IClassFixture<DeviceWithStore>, IDisposable
{
    private readonly TemporaryFolder _flake = new();

    public void Dispose()
    {
        _flake.Dispose();

        // The link by which the builder, this machine, keeps what it has built.
        File.Delete(HomePath.Expand($"~/.local/state/provisioner/systems/{NixosPi.Args.PoolGuid}"));
    }

    [Fact]
    public async Task The_device_is_sent_what_it_lacks_and_keeps_the_system()
    {
        WriteFlake("first", "one");
        var watcher = await BuildAsync();

        var top = await device.SaysAsync(Shell.Of($"readlink {SystemScript.Folder + "/result"}"));
        (await device.SaysAsync(Shell.Of($"nix-store --check-validity {top} && cat {top}/parts"))).ShouldBe("one of first\ntwo of first\nthree of first");
        watcher.Told.ShouldContain(text => text.StartsWith($"{top} comes from Nix on this machine: of its 4 store paths the device lacked 4", StringComparison.Ordinal));
        watcher.Statuses.ShouldContain(text => text.StartsWith("nix: ", StringComparison.Ordinal));

        // Another system of the same parts.
        WriteFlake("first", "two");
        (await BuildAsync()).Told.ShouldContain(text => text.Contains("of its 4 store paths the device lacked 1 ", StringComparison.Ordinal));
        (await device.SaysAsync(Shell.Of($"readlink {SystemScript.Folder + "/result"}"))).ShouldNotBe(top);

        (await BuildAsync()).Told.ShouldContain(text => text.EndsWith(": the device had all of its 4 store paths already", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_system_that_another_machine_has_is_brought_without_a_flake()
    {
        WriteFlake("had", "one");
        await BuildAsync();
        var had = await device.SaysAsync(Shell.Of($"readlink {SystemScript.Folder + "/result"}"));
        WriteFlake("had", "two");
        await BuildAsync();

        (await BringAsync(Desired with { Flake = null, StorePath = had })).Told.ShouldContain(text => text == $"{had} comes from Nix on this machine: the device had all of its 4 store paths already");
        (await device.SaysAsync(Shell.Of($"readlink {SystemScript.Folder + "/result"}"))).ShouldBe(had);

        var missing = await Should.ThrowAsync<SystemBuildException>(() => BringAsync(Desired with { Flake = null, StorePath = NixosPi.Next }));
        missing.Message.ShouldContain($"Nix on this machine did not find {NixosPi.Next}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_connection_costs_no_more_than_the_part_that_was_under_way(bool isAfter)
    {
        WriteFlake($"lost, {isAfter}", "one");
        var cutting = new Cutting(device.Remote, isAfter);

        var watcher = await BuildAsync(cutting);

        cutting.Imports.ShouldBe(isAfter ? 3 : 4, "of three parts the second was lost once");
        watcher.Statuses.ShouldContain("the connection was lost; what has arrived of the system stays");
        (await device.SaysAsync(Shell.Of($"cat {SystemScript.Folder + "/result/parts"}"))).ShouldStartWith("one of lost");
    }

    [Fact]
    public async Task A_device_that_stays_away_ends_it_with_what_was_lost()
    {
        WriteFlake("away", "one");
        var cutting = new Cutting(device.Remote, isAfter: false) { Always = true };

        await Should.ThrowAsync<DeviceLinkLostException>(() => BuildAsync(cutting));

        cutting.Imports.ShouldBe(4);
    }

    [Fact]
    public async Task A_flake_for_another_host_is_not_built()
    {
        WriteFlake("other host", "one", hostName: "stove");

        var refused = await Should.ThrowAsync<ConfigurationUnfitException>(() => BuildAsync());

        refused.Why!.ShouldContain("the flake is for the host stove, and lamp is wanted");
    }

    [Fact]
    public async Task A_build_that_fails_is_told_with_the_end_of_its_log()
    {
        WriteFlake("failing", "one", more: "echo the last straw >&2; exit 1");

        var failure = await Should.ThrowAsync<SystemBuildException>(() => BuildAsync());

        failure.Message.ShouldContain("Nix on this machine did not build the system");
        failure.Why!.ShouldContain("the last straw");
    }

    [Fact]
    public async Task What_is_no_system_is_not_sent()
    {
        WriteFlake("no system", "one", program: "something-else");

        (await Should.ThrowAsync<SystemBuildException>(() => BuildAsync())).Why!.ShouldContain("is no NixOS system");
    }

    private NixosSystemArgs Desired => NixosPi.Args with
    {
        Flake = _flake.Path,
        Builder = NixosSystemBuilder.Local,
        NixOptions = ImmutableSortedDictionary<string, string>.Empty.Add("sandbox", "false").Add("substituters", "").Add("build-users-group", ""),
    };

    private Task<Watcher> BuildAsync(IRemote? over = null) => BringAsync(Desired, over);

    private async Task<Watcher> BringAsync(NixosSystemArgs desired, IRemote? over = null)
    {
        await using var here = new RemoteHub(new RemoteOptions(), TimeProvider.System);
        var watcher = new Watcher(here.ForChanging("local:", new Tally()));
        var archive = desired.Flake is null ? null : await FlakeArchive.ReadAsync(await FlakeFolder.ReadAsync(_flake.Path, default), FlakeSource.WholeFolder, HostValues.None, default);
        using var inspection = new SharedInspection<DeviceFacts>((_, _) => Task.FromResult(NixosPi.Bare));
        await new SystemFromElsewhere(desired, desired.Nix(""), archive, new ConfigurationCheck(inspection), watcher).RunAsync(over ?? device.Remote, default);
        return watcher;
    }

    /// <summary>A flake with a system of three parts of 20 MB each, which are sent one by one.</summary>
    private void WriteFlake(string parts, string label, string hostName = "lamp", string program = "bin/switch-to-configuration", string more = "") => _flake.Write("flake.nix", $$"""
        {
          outputs = _:
            let
              built = name: text: derivation {
                inherit name;
                system = "{{NixosPi.ThisPlatform}}";
                builder = "/bin/sh";
                args = [ "-c" "export PATH=/usr/bin:/bin; ${text}" ];
              };
              part = number: built "part-${number}" "{ echo '${number} of {{parts}}'; head -c 20000000 /dev/zero; } >$out";
            in
            {
              nixosConfigurations.pi4.config = {
                networking.hostName = "{{hostName}}";
                system.build.toplevel = built "nixos-system-lamp" "mkdir -p $out/bin; echo '#!/bin/sh' >$out/{{program}}; chmod 755 $out/{{program}}; echo {{label}} >$out/label; for part in ${part "one"} ${part "two"} ${part "three"}; do ln -s $part $out/; head -n 1 $part >>$out/parts; done; {{more}}";
              };
            };
        }
        """);

    /// <summary>A device whose connection breaks in the second part of a system: before it has begun, or when all of it has arrived and only the answer is lost.</summary>
    private sealed class Cutting(IRemote remote, bool isAfter) : IRemote
    {
        public int Imports { get; private set; }

        /// <summary>It breaks every time, and from the first part on.</summary>
        public bool Always { get; init; }

        public DeviceAddress Address => remote.Address;

        public TimeSpan DialPatience => remote.DialPatience;

        public long Generation => remote.Generation;

        public Task QuietAsync(CancellationToken cancellation) => remote.QuietAsync(cancellation);

        public Task<IDisposable> AloneAsync(CancellationToken cancellation) => remote.AloneAsync(cancellation);

        public async Task<ScriptResult> RunAsync(Script script, CancellationToken cancellation)
        {
            if (script.Text != ElsewhereScripts.Import || (++Imports != 2 && !Always))
            {
                return await remote.RunAsync(script, cancellation);
            }

            if (isAfter)
            {
                await remote.RunAsync(script, cancellation);
            }

            throw new DeviceLinkLostException("The connection was cut");
        }
    }
}

/// <summary>An sshd whose scripts run with a Nix store and a provider's folder of their own, as on another machine.</summary>
public sealed class DeviceWithStore : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly SshServer _server;
    private RemoteHub? _hub;

    public DeviceWithStore()
    {
        var command = _folder.Write("command", $"""
            #!/bin/sh
            exec unshare --mount --map-root-user -- sh -c 'set -e; mount --bind "$0/nix" /nix; mount --bind "$0/lib" /var/lib; exec sh -c "$1"' {_folder.Path} "$SSH_ORIGINAL_COMMAND"
            """, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(_folder["nix/store"]);
        Directory.CreateDirectory(_folder["lib"]);
        _server = new SshServer($"ForceCommand {command}");
    }

    internal IRemote Remote { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _hub = new RemoteHub(_server.Options, TimeProvider.System);
        Remote = _hub.ForChanging(_server.Address(), new Tally());
    }

    internal async Task<string> SaysAsync(Shell command) => (await Remote.RunAsync(Script.Looking(command), default)).Text.TrimEnd();

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }

        await _server.DisposeAsync();

        // What is in a Nix store is read-only.
        await Tool.RunAsync("chmod", "-R", "u+w", _folder.Path);
        _folder.Dispose();
    }
}
