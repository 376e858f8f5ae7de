using System.Text;
using Provisioner.Provider.Hosting;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>A planted secret on its way to a device, and everybody's eyes on the process table meanwhile.</summary>
public sealed class CanaryTests(SshServer server) : IClassFixture<SshServer>
{
    private const string Canary = "canary'$x \"bird\" of the lamp;";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_secret_payload_is_in_no_command_line_and_no_environment(bool isLocal)
    {
        await using var hub = new RemoteHub(server.Options, TimeProvider.System);
        var target = Path.Combine(server.Folder, $"kept-{isLocal}");
        var script = Script.Of($"sleep 0.5; cat >{target}; sleep 0.5") with { Stdin = Payload.Secret(Canary), NeedsRoot = false };

        using var watcher = new ProcessWatcher(Canary);
        await hub.ForChanging(isLocal ? "local:" : server.Address()).RunAsync(script, default);
        var seen = await watcher.StopAsync();

        seen.Leaks.ShouldBeEmpty();
        seen.Processes.ShouldContain(line => line.Contains(target, StringComparison.Ordinal), "the watcher did not see the script itself");
        (await File.ReadAllTextAsync(target)).ShouldBe(Canary);
        File.GetUnixFileMode(target).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task The_watcher_sees_a_secret_that_is_there()
    {
        await using var hub = new RemoteHub(server.Options, TimeProvider.System);

        using var watcher = new ProcessWatcher("plain-canary");
        await hub.ForChanging("local:").RunAsync(Script.Of($"sleep 1; : {"plain-canary"}") with { NeedsRoot = false }, default);

        (await watcher.StopAsync()).Leaks.ShouldNotBeEmpty();
    }

    /// <summary>Reads all of /proc again and again.</summary>
    private sealed class ProcessWatcher : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly HashSet<string> _processes = new(StringComparer.Ordinal);
        private readonly HashSet<string> _leaks = new(StringComparer.Ordinal);
        private readonly Redactor _redactor = new();
        private readonly Task _watching;

        public ProcessWatcher(string secret)
        {
            // The redactor knows the forms a secret may take: what it would take out must not be there.
            _redactor.Learn(secret);
            _watching = Task.Factory.StartNew(Watch, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public async Task<(IReadOnlyCollection<string> Processes, IReadOnlyCollection<string> Leaks)> StopAsync()
        {
            await _stop.CancelAsync();
            await _watching;
            return (_processes, _leaks);
        }

        public void Dispose() => _stop.Dispose();

        private void Watch()
        {
            do
            {
                foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
                {
                    foreach (var file in new[] { "cmdline", "environ" })
                    {
                        Look(Path.Combine(process, file));
                    }
                }
            }
            while (!_stop.IsCancellationRequested);
        }

        private void Look(string file)
        {
            try
            {
                var text = Encoding.UTF8.GetString(File.ReadAllBytes(file)).Replace('\0', ' ');
                if (file.EndsWith("cmdline", StringComparison.Ordinal))
                {
                    _processes.Add(text);
                }

                if (_redactor.Redact(text) != text)
                {
                    _leaks.Add($"{file}: {text}");
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // The process has ended, or is another user's.
            }
        }
    }
}
