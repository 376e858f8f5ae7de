using System.Text;
using CliWrap.Buffered;
using Provisioner.Provider.Building;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Resources.NixosSystem.Configuration;
using Provisioner.Provider.Systems;
using Provisioner.Provider.Tests.Jobs;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>
/// The installation's real scripts under a real sh, with a flake that real Nix evaluates and builds in a store of its own.
/// nixos-install cannot be had from Debian: a double of a few lines stands for it, with the steps that the real one is known
/// to take (copy the closure, set the profile, touch /etc/NIXOS, write the boot files).
/// </summary>
public sealed class InstallScriptTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    public InstallScriptTests()
    {
        _root.Write("/flake/flake.nix", FlakeText("lamp", "dc0bd73a"));
        Program(
            "/bin/nixos-install",
            $"""
            while [ $# -gt 0 ]; do case $1 in --system) top=$2 ;; --root) root=$2 ;; esac; shift; done
            echo "$root" >"{_root.At("/asked")}"
            for path in $(nix-store -qR "$top"); do mkdir -p "$root$(dirname "$path")"; cp -a "$path" "$root$path"; done
            p="$root/nix/var/nix/profiles"
            mkdir -p "$p" "$root/etc" "$root/boot/extlinux" "$root/boot/nixos"
            ln -sfn "$top" "$p/system-1-link"
            ln -sfn system-1-link "$p/system"
            : >"$root/etc/NIXOS"
            echo kernel >"$root/boot/nixos/kernel"
            echo initrd >"$root/boot/nixos/initrd"
            printf 'LABEL nixos-default\n  LINUX ../nixos/kernel\n  INITRD ../nixos/initrd\n  APPEND init=%s/init root=fstab\n' "$top" >"$root/boot/extlinux/extlinux.conf"
            """);
    }

    public void Dispose()
    {
        // What Nix has built is read-only.
        foreach (var folder in Directory.EnumerateDirectories(_root.Path, "*", SearchOption.AllDirectories))
        {
            if (new DirectoryInfo(folder).LinkTarget is null)
            {
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        _root.Dispose();
    }

    [Fact]
    public async Task A_flake_is_sent_checked_built_installed_verified_and_noted()
    {
        await SendAsync();
        await GoodAsync(Evaluation.OnDevice(NixosPi.Args));
        await GoodAsync(InstallScripts.Build(NixosPi.Args));
        await GoodAsync(InstallScripts.Install);
        await GoodAsync(InstallScripts.HostId(_root.At("/mnt"), "dc0bd73a"));
        (await GoodAsync(InstallScripts.Verify(_root.At("/mnt"), wantsFirmware: false))).StandardOutput.ShouldContain("MiB left");
        await GoodAsync(InstallScripts.Note(_root.At("/mnt"), "d1ge57"));

        File.ReadAllText(_root.At("/asked")).ShouldBe(_root.At("/mnt") + "\n");
        File.ReadAllBytes(_root.At("/mnt/etc/hostid")).ShouldBe([0x3a, 0xd7, 0x0b, 0xdc]);
        File.ReadAllText(_root.At("/mnt" + SystemScript.Folder + "/made")).ShouldStartWith("d1ge57 " + _root.At("/store/"));

        // A second time nothing is in the way of anything.
        await GoodAsync(InstallScripts.Install);
        await GoodAsync(InstallScripts.Verify(_root.At("/mnt"), wantsFirmware: false));

        File.Delete(_root.At("/mnt/boot/nixos/initrd"));
        (await RunAsync(InstallScripts.Verify(_root.At("/mnt"), wantsFirmware: false))).StandardError.ShouldContain("names");
        File.WriteAllText(_root.At("/mnt/boot/nixos/initrd"), "initrd");
        (await RunAsync(InstallScripts.Verify(_root.At("/mnt"), wantsFirmware: true))).StandardError.ShouldContain("config.txt is missing");
        File.Delete(_root.At("/mnt/etc/NIXOS"));
        (await RunAsync(InstallScripts.Verify(_root.At("/mnt"), wantsFirmware: false))).StandardError.ShouldContain("NIXOS is missing");
    }

    [Fact]
    public async Task The_flake_is_asked_for_all_that_is_compared_and_what_it_lacks_is_not_known()
    {
        _root.Write("/flake/flake.nix", FlakeText("lamp", "dc0bd73a", """
            fileSystems."/" = { device = "zroot/old"; fsType = "zfs"; options = [ "zfsutil" ]; };
            services.openssh = { enable = true; ports = [ 2222 ]; settings.PermitRootLogin = "no"; settings.AllowUsers = throw "nobody knows"; };
            users.users.me = { isNormalUser = true; openssh.authorizedKeys.keyFiles = [ ./me.pub ]; extraGroups = [ "wheel" ]; };
            users.groups.ssh.members = [ "me" ];
            assertions = [ { assertion = true; message = throw "no"; } { assertion = false; message = "a lamp has no wings"; } ];
            networking.firewall = { enable = true; allowedTCPPorts = [ 80 ]; allowedTCPPortRanges = [ { from = 1; to = 9; } ]; };
            """));
        _root.Write("/flake/me.pub", "ssh-ed25519 AAAA me\n");
        await SendAsync();
        await GoodAsync(Evaluation.OnDevice(NixosPi.Args));

        var facts = ConfigurationFacts.Parse((await GoodAsync(Evaluation.Told)).StandardOutput);

        (facts.HostName, facts.HostId, facts.Kernel, facts.ZfsIsBroken).ShouldBe(("lamp", "dc0bd73a", "6.12.34", null));
        facts.FileSystems!["/"].Options.ShouldBe(["zfsutil"]);
        facts.FailedAssertions.ShouldBe(["a lamp has no wings"]);
        (facts.Ssh.Enable, facts.Ssh.PermitRootLogin, facts.Ssh.AllowUsers).ShouldBe((true, "no", null));
        facts.Users!.Keys.ShouldBe(["me"]);
        facts.Users["me"].Keys.ShouldBe(["ssh-ed25519 AAAA me"]);
        facts.Users["me"].Groups.ShouldBe(["wheel", "ssh"]);
        facts.Firewall.Has(80).ShouldBeTrue();
        facts.Firewall.Has(10).ShouldBeFalse();
        facts.Network.Manager.ShouldBeNull();
    }

    [Fact]
    public async Task A_flake_without_the_system_says_which_ones_it_has()
    {
        await SendAsync();

        var asked = await RunAsync(Evaluation.OnDevice(NixosPi.Args with { Attribute = "pi5" }));

        asked.ExitCode.ShouldBe(65);
        asked.StandardError.ShouldContain("the flake has no system nixosConfigurations.pi5 that can be evaluated");
        asked.StandardError.ShouldContain("its systems are: pi4");
        File.Exists(_root.At(Evaluation.Answer)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_preview_has_the_flake_evaluated_where_Nix_is_and_keeps_nothing()
    {
        var archive = await FlakeArchive.ReadAsync(await FlakeFolder.ReadAsync(_root.At("/flake"), default), FlakeSource.GitTracked, HostValues.None, default);

        var told = await RunAsync(Evaluation.Preview(NixosPi.Args), archive.Tar.ToArray());

        ConfigurationFacts.Parse(told.StandardOutput).HostName.ShouldBe("lamp");
        (await Sh.RunSourceAsync(At(Evaluation.Preview(NixosPi.Args)), archive.Tar.ToArray(), "/nowhere")).ExitCode.ShouldBe(Evaluation.NoNix);
    }

    [Fact]
    public async Task The_inputs_of_a_flake_are_pinned_once_and_the_lock_is_kept_beside_it()
    {
        _root.Write("/dep/flake.nix", "{ outputs = _: { }; }");
        _root.Write("/flake/flake.nix", FlakeText("lamp", "dc0bd73a").Replace("outputs =", $"inputs.dep.url = \"path:{_root.At("/dep")}\"; outputs =", StringComparison.Ordinal));
        await Remote.Tool.RunAsync("git", "-C", _root.At("/flake"), "init", "--quiet");
        await Remote.Tool.RunAsync("git", "-C", _root.At("/flake"), "add", "flake.nix");
        var (folder, archive) = await ReadAsync();
        await using var hub = new RemoteHub(new RemoteOptions(), TimeProvider.System);
        var watcher = new Watcher(hub.ForLooking("local:"));

        var made = await RunAsync(FlakeLock.Make(InstallScripts.Nix(NixosPi.Args)), archive.Tar.ToArray());
        made.ExitCode.ShouldBe(0, made.StandardError);
        made.StandardOutput.ShouldContain("\"dep\"");
        FlakeLock.Keep(folder, null, Encoding.UTF8.GetBytes(made.StandardOutput), watcher).ShouldBeTrue();

        // Git does not track it, and it is sent all the same; pinned inputs are not pinned again.
        var (again, pinned) = await ReadAsync();
        pinned.Files.ShouldBe(["flake.lock", "flake.nix"]);
        pinned.Digest.ShouldNotBe(archive.Digest);
        (await RunAsync(FlakeLock.Make(InstallScripts.Nix(NixosPi.Args)), pinned.Tar.ToArray())).StandardOutput.ShouldBeEmpty();
        FlakeLock.Keep(again, null, "{}"u8, watcher).ShouldBeFalse("somebody has changed it meanwhile");
        File.ReadAllText(_root.At("/flake/flake.lock")).ShouldBe(made.StandardOutput);
        watcher.Told.ShouldContain(text => text.Contains("flake.lock is new, and belongs into git: git -C", StringComparison.Ordinal));

        async Task<(FlakeFolder, FlakeArchive)> ReadAsync()
        {
            var read = await FlakeFolder.ReadAsync(_root.At("/flake"), default);
            return (read, await FlakeArchive.ReadAsync(read, FlakeSource.GitTracked, HostValues.None, default));
        }
    }

    [Theory]
    [InlineData("pi.example.org")]
    [InlineData("\"pi.example.org\"")]
    [InlineData("nixosConfigurations.\"pi.example.org\"")]
    public async Task A_system_whose_name_has_dots_is_found(string attribute)
    {
        _root.Write("/flake/flake.nix", FlakeText("lamp", "dc0bd73a").Replace("nixosConfigurations.pi4.config", "nixosConfigurations.\"pi.example.org\".config", StringComparison.Ordinal));
        var desired = NixosPi.Args with { Attribute = attribute };

        NixosSystemRules.All.Select(rule => rule.Problem(desired)).ShouldAllBe(problem => problem == null);
        await SendAsync();
        await GoodAsync(Evaluation.OnDevice(desired));
        await GoodAsync(InstallScripts.Build(desired));
        File.Exists(_root.At(SystemScript.Folder + "/result/init")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("\"\"")]
    [InlineData("a b")]
    [InlineData("a#b")]
    [InlineData("a^out")]
    [InlineData("a%2eb")]
    [InlineData("a\"; b")]
    [InlineData("${builtins.x}")]
    public void What_is_no_name_of_a_system_is_refused(string attribute) => SystemAttribute.Problem(attribute).ShouldNotBeNull();

    [Fact]
    public async Task A_flakes_own_caches_are_taken_and_a_kernel_that_would_be_compiled_is_seen()
    {
        _root.Write("/flake/flake.nix", FlakeText("lamp", "dc0bd73a").Replace("outputs =", "nixConfig.extra-substituters = [ \"file:///nowhere-at-all\" ]; outputs =", StringComparison.Ordinal)
            .Replace("\"-c\" \"export", "\"-c\" \"test -e ${derivation { name = \"linux-rpi-6.12.34-stable\"; system = \"x86_64-linux\"; builder = \"/bin/sh\"; }}; export", StringComparison.Ordinal));
        var archive = await FlakeArchive.ReadAsync(await FlakeFolder.ReadAsync(_root.At("/flake"), default), FlakeSource.WholeFolder, HostValues.None, default);

        var told = await RunAsync(Evaluation.Kernels(NixosPi.Args), archive.Tar.ToArray());

        told.ExitCode.ShouldBe(0, told.StandardOutput);
        KernelForecast.Read(told.StandardOutput).ShouldBe(["linux-rpi-6.12.34-stable"]);
        told.StandardOutput.ShouldNotContain("ignoring untrusted flake configuration setting");
        (await RunAsync(Shell.Of($"nix --extra-experimental-features 'nix-command flakes' build --dry-run {$"path:{_root.At("/flake")}#nixosConfigurations.pi4.config.system.build.toplevel"} </dev/null")))
            .StandardError.ShouldContain("ignoring untrusted flake configuration setting", Case.Sensitive, "without the words of ours Nix passes over them");
    }

    [Fact]
    public void Only_a_kernel_that_is_built_counts()
    {
        const string Store = "  /nix/store/0123456789abcdfghijklmnpqrsvwxyz-";
        KernelForecast.Read($"""
            these 7 derivations will be built:
            {Store}linux-6.6.31.drv
            {Store}linux-6.6.31-modules.drv
            {Store}linux-headers-6.6.drv
            {Store}linux-firmware-20240410.drv
            {Store}linux-config-6.6.31.drv
            {Store}linux-rpi4-6.12.47-stable_20250916.drv
            {Store}util-linux-2.39.drv
            these 1 paths will be fetched (1.00 MiB download, 2.00 MiB unpacked):
            {Store}linux-6.1.90.drv
            """).ShouldBe(["linux-6.6.31", "linux-rpi4-6.12.47-stable_20250916"]);
    }

    [Fact]
    public async Task A_flake_of_the_vendors_kernels_is_built_with_their_cache()
    {
        _root.Write("/flake/flake.nix", "{ inputs.x.url = \"github:nvmd/nixos-raspberrypi\"; }");
        var found = await RunAsync(Shell.Of($"{Caches.Find(Shell.Of($"{_root.At("/flake")}"))}\nprintf '%s\\n' \"$@\""));
        found.StandardOutput.ShouldContain(Caches.RaspberryPi);
        _root.Write("/flake/flake.nix", "{ }");
        (await RunAsync(Shell.Of($"{Caches.Find(Shell.Of($"{_root.At("/flake")}"))}\nprintf '%s\\n' \"$@\""))).StandardOutput.Trim().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flake_that_did_not_arrive_whole_leaves_the_old_one()
    {
        await SendAsync();
        var archive = await FlakeArchive.ReadAsync(await FlakeFolder.ReadAsync(_root.At("/flake"), default), FlakeSource.WholeFolder, HostValues.None, default);

        var cut = await Sh.RunSourceAsync("stdin_bytes=999999\n" + At(InstallScripts.Receive), archive.Tar.ToArray(), Path);

        cut.ExitCode.ShouldBe(65);
        File.Exists(_root.At(SystemScript.Folder + "/flake/flake.nix")).ShouldBeTrue();
        Directory.Exists(_root.At(SystemScript.Folder + "/flake.new")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_host_key_comes_by_stdin_and_only_root_may_read_it()
    {
        var owner = $"{await Remote.Tool.RunAsync("id", "-u")}:{await Remote.Tool.RunAsync("id", "-g")}".Replace("\n", "", StringComparison.Ordinal);

        (await Sh.RunAsync(InstallScripts.HostKey(_root.At("/mnt"), "ssh-ed25519 AAAA root@lamp", owner), Encoding.UTF8.GetBytes("the key\n"))).ExitCode.ShouldBe(0);

        File.ReadAllText(_root.At("/mnt/etc/ssh/ssh_host_ed25519_key")).ShouldBe("the key\n");
        File.GetUnixFileMode(_root.At("/mnt/etc/ssh/ssh_host_ed25519_key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.ReadAllText(_root.At("/mnt/etc/ssh/ssh_host_ed25519_key.pub")).ShouldBe("ssh-ed25519 AAAA root@lamp\n");
    }

    [Fact]
    public async Task Whoever_is_let_in_on_the_card_is_let_in_on_the_SSD_and_keys_that_are_there_stay()
    {
        _root.Write("/card/root/.ssh/authorized_keys", "ssh-ed25519 AAAA me");

        await GoodAsync(InstallScripts.Access(_root.At("/card"), _root.At("/mnt"), "root"));
        File.ReadAllText(_root.At("/mnt/root/.ssh/authorized_keys")).ShouldBe("ssh-ed25519 AAAA me");
        File.GetUnixFileMode(_root.At("/mnt/root/.ssh/authorized_keys")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(_root.At("/mnt/root/.ssh")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        _root.Write("/mnt/root/.ssh/authorized_keys", "ssh-ed25519 BBBB somebody");
        await GoodAsync(InstallScripts.Access(_root.At("/card"), _root.At("/mnt"), "root"));
        File.ReadAllText(_root.At("/mnt/root/.ssh/authorized_keys")).ShouldBe("ssh-ed25519 BBBB somebody");
    }

    [Fact]
    public async Task A_user_who_logs_in_on_the_card_finds_the_keys_in_the_home_that_the_system_gave_them()
    {
        var owner = $"{await Remote.Tool.RunAsync("id", "-u")}:{await Remote.Tool.RunAsync("id", "-g")}".Replace("\n", "", StringComparison.Ordinal);
        _root.Write("/card/etc/passwd", "root:x:0:0::/root:/bin/sh\nme:x:1000:100::/home/me:/bin/sh\n");
        _root.Write("/card/home/me/.ssh/authorized_keys", "ssh-ed25519 AAAA me");
        _root.Write("/mnt/etc/passwd", $"root:x:0:0::/root:/bin/sh\nme:x:{owner}::/home/people/me:/bin/sh\n");

        await GoodAsync(InstallScripts.Access(_root.At("/card"), _root.At("/mnt"), "me"));

        File.ReadAllText(_root.At("/mnt/home/people/me/.ssh/authorized_keys")).ShouldBe("ssh-ed25519 AAAA me");
        Directory.Exists(_root.At("/mnt/root/.ssh")).ShouldBeFalse("root has none on the card");
        await GoodAsync(InstallScripts.Access(_root.At("/card"), _root.At("/mnt"), "stranger"));
    }

    private string Path => $"{_root.At("/bin")}:/usr/sbin:/usr/bin:/sbin:/bin";

    private static string FlakeText(string host, string hostId, string more = "") =>
        $$"""
        {
          outputs = _: {
            nixosConfigurations.pi4.config = {
              networking.hostName = "{{host}}";
              networking.hostId = "{{hostId}}";
              boot.kernelPackages.kernel.version = "6.12.34";
              {{more}}
              system.build.toplevel = derivation {
                name = "nixos-system-lamp";
                system = "{{NixosPi.ThisPlatform}}";
                builder = "/bin/sh";
                args = [ "-c" "export PATH=/usr/bin:/bin; mkdir -p $out/bin; for f in init bin/switch-to-configuration; do echo '#!/bin/sh' >$out/$f; chmod 755 $out/$f; done" ];
              };
            };
          };
        }
        """;

    private async Task SendAsync()
    {
        var archive = await FlakeArchive.ReadAsync(await FlakeFolder.ReadAsync(_root.At("/flake"), default), FlakeSource.GitTracked, HostValues.None, default);
        var sent = await Sh.RunSourceAsync(At(InstallScripts.Receive), archive.Tar.ToArray(), Path);
        sent.ExitCode.ShouldBe(0, sent.StandardError);
    }

    private async Task<BufferedCommandResult> GoodAsync(Shell script)
    {
        var result = await RunAsync(script);
        result.ExitCode.ShouldBe(0, result.StandardError);
        return result;
    }

    private Task<BufferedCommandResult> RunAsync(Shell script, byte[]? input = null) => Sh.RunSourceAsync(
        $"""
        export HOME="{_root.Path}" NIX_STORE_DIR="{_root.At("/store")}" NIX_STATE_DIR="{_root.At("/nix-state")}" NIX_LOG_DIR="{_root.At("/nix-log")}"
        export NIX_CONFIG="sandbox = false
        substituters =
        build-users-group =
        "
        {At(script)}
        """,
        input,
        Path);

    /// <summary>The same script with the provider's folder and /mnt below ours.</summary>
    private string At(Shell script) => script.Source
        .Replace(SystemScript.Folder, _root.At(SystemScript.Folder), StringComparison.Ordinal)
        .Replace("--root /mnt", $"--root {_root.At("/mnt")}", StringComparison.Ordinal)
        .Replace(_root.At("/mnt") + _root.Path, _root.At("/mnt"), StringComparison.Ordinal);

    private void Program(string path, string text) => _root.Program(path, $"set -e\n{text}");
}
