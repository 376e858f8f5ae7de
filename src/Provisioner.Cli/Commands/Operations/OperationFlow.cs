using System.Collections.Immutable;
using Provisioner.Cli.Commands.Configuration;
using Provisioner.Cli.Display;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Imports;
using Provisioner.Engine.Projects;
using Provisioner.Engine.Secrets;
using Pulumi.Wire.Redaction;

namespace Provisioner.Cli.Commands.Operations;

/// <summary>Preview, question, deed: the course of up, preview, refresh and destroy.</summary>
internal sealed class OperationFlow
{
    private readonly Session _session;
    private readonly OperationSettings _settings;
    private readonly Workspace _workspace;
    private readonly string _stack;
    private readonly StackFile _file;
    private readonly ISecretsManager? _secrets;
    private readonly ImmutableSortedDictionary<ConfigKey, ConfigValue> _config;
    private readonly List<string> _opened = [];
    private readonly HashSet<ConfigKey> _unsealed = [];

    private OperationFlow(Session session, OperationSettings settings, Workspace workspace, StackFile file, ISecretsManager? secrets)
    {
        (_session, _settings, _workspace, _stack, _file, _secrets) = (session, settings, workspace, file.Stack, file, secrets);
        _config = StackConfig.Resolve(workspace.Project, file, ciphertext =>
        {
            var text = (secrets ?? throw NoSalt(file)).Decrypt(ciphertext);
            _opened.Add(text);
            return text;
        });
        foreach (var found in SecretLooks.In(StackConfig.Merge(workspace.Project, file)))
        {
            _opened.Add(found.Text);
            _config = _config.SetItem(found.Key, _config[found.Key] with { IsSecret = true });
            if (_unsealed.Add(found.Key))
            {
                session.Error.Warn(ConfigReader.InClear(ConfigReader.Shown(found.Key, workspace.Project), found.Reason, file));
            }
        }
    }

    /// <param name="imports">For an import: what is imported, by the names of stack and project.</param>
    public static async Task<int> RunAsync(
        Session session, OperationSettings settings, CancellationToken stop, Func<string, string, ImmutableArray<ImportRequest>>? imports = null)
    {
        using var workspace = Workspace.Open(session);
        var stack = await workspace.RequireStackAsync(settings.Stack, stop);
        var file = workspace.StackFileOf(stack);
        var secrets = await file.OpenSecretsAsync(workspace.Secrets, stop);
        return await new OperationFlow(session, settings, workspace, file, secrets) { Imports = imports?.Invoke(stack, workspace.Project.Name) ?? [] }.RunAsync(stop);
    }

    private ImmutableArray<ImportRequest> Imports { get; init; } = [];

    private async Task<int> RunAsync(CancellationToken stop)
    {
        if (_settings.Preview)
        {
            var snapshot = await _workspace.Backend.LoadAsync(_stack, _workspace.Secrets, stop);
            await using var run = new DeploymentRun(_session, _settings, stop);
            var planned = await run.RunAsync(Request(preview: true) with { Snapshot = snapshot });
            var verdict = Verdict(planned, "preview", "proposed", stop);
            if (verdict != ExitCodes.Success || !_settings.CarryOut)
            {
                return verdict;
            }

            if (!_settings.Yes && !await ConfirmAsync(run, stop))
            {
                _session.Error.Hint($"confirmation declined, not proceeding with the {Noun}");
                return ExitCodes.Cancelled;
            }
        }

        return await CarryOutAsync(stop);
    }

    private async Task<int> CarryOutAsync(CancellationToken stop)
    {
        using var update = await _workspace.Backend.BeginUpdateAsync(_stack, _secrets, _workspace.Secrets, stop);
        foreach (var note in update.Notes)
        {
            _session.Error.Warn(note);
        }

        await using var run = new DeploymentRun(_session, _settings, stop);
        var result = await run.RunAsync(Request(preview: false) with { Snapshot = update.Snapshot, Store = update });
        update.Finish(_settings.Kind, result.Succeeded, result.Changes, Remembered());
        return Verdict(result, Noun, "made", stop);
    }

    /// <summary>The configuration as the history keeps it: what should have been encrypted is not copied in clear.</summary>
    private ImmutableSortedDictionary<ConfigKey, StackValue> Remembered() => StackConfig.Merge(_workspace.Project, _file).ToImmutableSortedDictionary(
        entry => entry.Key,
        entry => !_unsealed.Contains(entry.Key) ? entry.Value
            : _secrets is null ? StackValue.OfText(Redactor.Mark)
            : new StackValue.Secure(_secrets.Encrypt(_config[entry.Key].Text)));

    private string Noun => _settings.Kind.ToString().ToLowerInvariant();

    private DeploymentRequest Request(bool preview) => new()
    {
        Kind = _settings.Kind,
        Preview = preview,
        Project = _workspace.Project,
        Stack = _stack,
        Config = _config,
        Secrets = [.. _opened],
        Snapshot = Provisioner.Engine.State.Snapshot.Empty,
        Stacks = _workspace.Backend.References(_workspace.Secrets),
        Imports = Imports,
        Options = _settings.Deployment with { Refresh = _settings.Deployment.Refresh || _workspace.Project.AlwaysRefresh },
    };

    private int Verdict(DeploymentResult result, string noun, string made, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            _session.Error.Write($"{noun} cancelled");
            return ExitCodes.Cancelled;
        }

        if (!result.Succeeded)
        {
            _session.Error.Write($"{noun} failed");
            return ExitCodes.Error;
        }

        if (_settings.ExpectNoChanges && result.HasChanges)
        {
            _session.Error.Write($"no changes were expected but changes were {made}");
            return ExitCodes.ChangesNotExpected;
        }

        return ExitCodes.Success;
    }

    private async Task<bool> ConfirmAsync(DeploymentRun run, CancellationToken stop)
    {
        while (true)
        {
            var answer = await _session.Context.Prompts.ChooseAsync($"Do you want to perform this {Noun}?", ["yes", "no", "details"], stop);
            if (answer != "details")
            {
                return answer == "yes";
            }

            _session.Out.Write(run.Display.FullDetails());
        }
    }

    private static CliException NoSalt(StackFile file) =>
        new(ExitCodes.Usage, $"{file.FilePath} has encrypted values but no encryptionsalt, so they cannot be read. Restore that line from version control.");
}
