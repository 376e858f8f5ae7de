using CliWrap;
using CliWrap.Buffered;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>OpenSSH's agent, with a socket of its own.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _end = new();
    private Task _running = Task.CompletedTask;

    public string Socket => _folder["agent"];

    public static async Task<Agent> StartAsync()
    {
        var agent = new Agent();
        agent._running = Cli.Wrap("ssh-agent").WithArguments(["-D", "-a", agent.Socket]).WithValidation(CommandResultValidation.None).ExecuteAsync(agent._end.Token);
        await Tool.UntilAsync(() => File.Exists(agent.Socket), "the agent listens");
        return agent;
    }

    public Task<string> AddAsync(string key) => AskAsync("-q", key);

    public Task<string> ListAsync() => AskAsync("-l");

    public async ValueTask DisposeAsync()
    {
        await Tool.EndAsync(_running, _end);
        _end.Dispose();
        _folder.Dispose();
    }

    private async Task<string> AskAsync(params string[] arguments) =>
        (await Cli.Wrap("ssh-add").WithArguments(arguments).WithEnvironmentVariables(environment => environment.Set("SSH_AUTH_SOCK", Socket)).ExecuteBufferedAsync()).StandardOutput;
}
