using System.Text;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>Scripts through a real sshd and the shells that people log in with: sshd gives each the command line as <c>SHELL -c LINE</c>.</summary>
public sealed class LoginShellTests : IDisposable
{
    private const string Nasty = """it's \ "quoted" \\ \' \n !! !$ $HOME `id` %s * ? ~ # & ; | > { } ( ) é\""";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Shells => ["/bin/sh", "/bin/bash", "/usr/bin/zsh", "/usr/bin/fish", "/usr/bin/tcsh", "/bin/busybox sh"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_script_means_the_same_whatever_shell_the_login_has(string shell)
    {
        await using var server = await LoginAsync($"exec {shell} -c \"$SSH_ORIGINAL_COMMAND\"");
        await using var hub = new RemoteHub(server.Options, TimeProvider.System);

        var result = await hub.ForChanging(server.Address()).RunAsync(
            Script.Of(
                $"""
                printf '%s %s\n' $# {Nasty + "\n" + Nasty}
                case 'a!b' in a!b) echo plain ;; esac
                cat
                exit 7
                """) with { Stdin = Payload.Of(Encoding.UTF8.GetBytes(Nasty)), ExitCodes = [7] },
            TestContext.Current.CancellationToken);

        result.Text.ShouldBe($"0 {Nasty}\n{Nasty}\nplain\n{Nasty}");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_script_that_is_given_up_ends_whatever_shell_the_login_has(string shell)
    {
        await using var server = await LoginAsync($"exec {shell} -c \"$SSH_ORIGINAL_COMMAND\"");
        await using (var hub = new RemoteHub(server.Options, TimeProvider.System))
        {
            using var stop = new CancellationTokenSource();
            var running = hub.ForChanging(server.Address()).RunAsync(Script.Of($"echo $$ >{_folder["pid"]}\nwhile :; do sleep 1; done"), stop.Token);
            await Tool.UntilAsync(() => File.Exists(_folder["pid"]) && File.ReadAllText(_folder["pid"]).EndsWith('\n'), "the script runs");
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => running);
        }

        await Tool.UntilAsync(() => !Directory.Exists($"/proc/{File.ReadAllText(_folder["pid"]).Trim()}"), "the script has ended");
    }

    [Theory]
    [InlineData("echo 'This account is currently not available.'; exit 1")]
    [InlineData("echo 'Welcome to the appliance.'; exit 0")]
    [InlineData("exec /bin/false")]
    [InlineData("PATH=/nowhere exec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"")]
    public async Task A_login_that_runs_nothing_is_told_and_is_no_empty_answer(string login)
    {
        await using var server = await LoginAsync(login);
        await using var hub = new RemoteHub(server.Options, TimeProvider.System);

        var refused = await Should.ThrowAsync<DeviceLoginException>(() => hub.ForChanging(server.Address()).RunAsync(Script.Of($"true"), TestContext.Current.CancellationToken));

        refused.Message.ShouldContain("may log in, but no script runs there");
        refused.Next!.ShouldContain("fish or tcsh");
    }

    /// <summary>An sshd whose users' shell does this with a command.</summary>
    private async Task<SshServer> LoginAsync(string does)
    {
        var shell = _folder.Write("login-shell", $"#!/bin/sh\n{does}\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var server = new SshServer($"ForceCommand {shell}");
        await server.InitializeAsync();
        return server;
    }
}
