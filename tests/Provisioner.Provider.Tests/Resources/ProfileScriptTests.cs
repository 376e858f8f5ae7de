using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Tests.Resources;

public sealed class ProfileScriptTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("plain.nmconnection")]
    [InlineData("it's $HOME `id` ; \" \\ .nmconnection")]
    public async Task A_profile_is_written_for_its_owner_alone(string name)
    {
        var path = _root.At("/etc/NetworkManager/system-connections/" + name);
        (await WriteAsync(path, "content\n")).ExitCode.ShouldBe(0);
        (await File.ReadAllTextAsync(path)).ShouldBe("content\n");
        File.GetUnixFileMode(path).ShouldBe(OwnerOnly);
        File.GetUnixFileMode(Path.GetDirectoryName(path)!).ShouldBe(OwnerOnly | UnixFileMode.UserExecute);
        Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_profile_that_is_too_open_is_replaced_by_one_that_is_not()
    {
        var path = _root.Write("/x.nmconnection", "old"u8.ToArray(), OwnerOnly | UnixFileMode.OtherRead);
        (await WriteAsync(path, "new")).ExitCode.ShouldBe(0);
        File.GetUnixFileMode(path).ShouldBe(OwnerOnly);
    }

    [Fact]
    public async Task A_symbolic_link_is_replaced_and_not_followed()
    {
        var victim = _root.Write("/victim", "precious");
        File.CreateSymbolicLink(_root.At("/x.nmconnection"), victim);
        (await WriteAsync(_root.At("/x.nmconnection"), "new")).ExitCode.ShouldBe(0);
        (await File.ReadAllTextAsync(victim)).ShouldBe("precious");
        new FileInfo(_root.At("/x.nmconnection")).LinkTarget.ShouldBeNull();
    }

    [Fact]
    public async Task A_folder_in_its_place_is_kept_beside()
    {
        _root.Write("/x.nmconnection/precious", "data");
        (await WriteAsync(_root.At("/x.nmconnection"), "new")).ExitCode.ShouldBe(0);
        File.ReadAllText(_root.At("/x.nmconnection")).ShouldBe("new");
        Directory.GetFiles(_root.Path, "precious", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Half_a_profile_is_never_put_in_place()
    {
        var path = _root.Write("/x.nmconnection", "old");
        var result = await Sh.RunAsync(Shell.Lines(Shell.Of($"stdin_bytes=999"), ProfileScripts.WriteFile(path, Owner())), "new"u8.ToArray());
        result.ExitCode.ShouldBe(65);
        File.ReadAllText(path).ShouldBe("old");
        Directory.GetFiles(_root.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_profile_of_a_system_at_rest_is_told_to_yield_and_NetworkManager_still_reads_it()
    {
        var content = new ProfileContent("other", Guid.NewGuid(), SsidOf("Lamp; Home"), "wpa-psk", "12345678", 200, true, null);
        var path = _root.Write("/other.nmconnection", Keyfile.Write(content));
        var result = await Sh.RunAsync(ProfileScripts.EditAutoConnect(path));
        result.ExitCode.ShouldBe(0, result.StandardError);
        File.GetUnixFileMode(path).ShouldBe(OwnerOnly);
        var read = await Cli.Wrap("nmcli").WithArguments(["--offline", "connection", "modify", "connection.zone", ""])
            .WithStandardInputPipe(PipeSource.FromFile(path)).ExecuteBufferedAsync();
        read.StandardOutput.ShouldBe(Encoding.UTF8.GetString(Keyfile.Write(content)).Replace("type=wifi\n", "type=wifi\nautoconnect=false\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_profile_of_a_system_is_not_written_where_none_is_mounted()
    {
        var step = ProfileScripts.Write("/mnt/etc/NetworkManager/system-connections/x.nmconnection", Payload.Plain("new"), reload: false);

        var result = await Sh.RunAsync(step.Script!.Text, "new"u8.ToArray());

        result.ExitCode.ShouldBe(66);
        result.StandardError.ShouldContain("nothing is mounted at /mnt");
        Directory.Exists("/mnt/etc/NetworkManager").ShouldBeFalse();
    }

    [Fact]
    public void No_script_of_a_plan_holds_the_key()
    {
        foreach (var facts in new[] { WifiFacts.Pi(ours: null), WifiFacts.Pi(WifiFacts.Ours with { Mode = 0x81a4 }) })
        {
            var plan = WifiProfilePlanner.Plan(WifiFacts.Args, ProfileObserver.Observe(WifiFacts.Args, null, facts));
            plan.Steps.ShouldNotBeEmpty();
            foreach (var step in plan.Steps)
            {
                step.ToString().ShouldNotContain(WifiFacts.Args.KeyOf()!);
                step.Script!.ToString().ShouldNotContain(WifiFacts.Args.KeyOf()!);
            }
        }
    }

    private static Ssid SsidOf(string text) => Ssid.TryParse(text, out var ssid, out _) ? ssid : throw new ArgumentException("too long", nameof(text));

    // Only root may give a file to root.
    private static string Owner() => Environment.IsPrivilegedProcess ? "0:0" : Id("-u") + ":" + Id("-g");

    private static string Id(string flag) => Cli.Wrap("id").WithArguments([flag]).ExecuteBufferedAsync().GetAwaiter().GetResult().StandardOutput.Trim();

    private static Task<BufferedCommandResult> WriteAsync(string path, string content) =>
        Sh.RunAsync(ProfileScripts.WriteFile(path, Owner()), Encoding.UTF8.GetBytes(content));
}
