using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.Backend.Locks;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Files;
using Provisioner.Engine.Projects;
using Provisioner.Engine.Secrets;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Backend;

/// <summary>A project's stacks in Pulumi's backend in files: one folder, which Pulumi's CLI can use as well.</summary>
public sealed partial class FileBackend
{
    private readonly IFileOperations _files;
    private readonly HostEnvironment _host;
    private readonly TimeProvider _time;
    private readonly BackendPaths _paths;
    private readonly StateFiles _states;

    private FileBackend(BackendLocation location, string project, HostEnvironment host, TimeProvider time, IFileOperations files)
    {
        Location = location;
        Project = project;
        _host = host;
        _time = time;
        _files = files;
        _paths = new BackendPaths(location.Directory, project);
        _states = new StateFiles(files, _paths);
    }

    public BackendLocation Location { get; }

    /// <summary>The name of the project whose stacks these are.</summary>
    public string Project { get; }

    /// <summary>Opens the backend that the environment and the project name. Nothing is written.</summary>
    /// <exception cref="BackendException">It is not in files, or of a layout not known here.</exception>
    public static FileBackend Open(Project project, HostEnvironment host, TimeProvider time) =>
        Open(BackendLocation.Resolve(project, host), project.Name, host, time, FileOperations.Instance);

    internal static FileBackend Open(BackendLocation location, string project, HostEnvironment host, TimeProvider time, IFileOperations files)
    {
        var backend = new FileBackend(location, project, host, time, files);
        BackendMeta.Check(backend._paths);
        return backend;
    }

    /// <summary>The project's stacks by name.</summary>
    public IReadOnlyList<StackSummary> List() =>
        !Directory.Exists(_paths.Stacks)
            ? []
            : [.. Directory.EnumerateFiles(_paths.Stacks)
                .Select(Path.GetFileName).OfType<string>()
                .Where(name => name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".json.gz", StringComparison.Ordinal) || name.EndsWith(".json.zst", StringComparison.Ordinal))
                .Select(name => name[..name.LastIndexOf(".json", StringComparison.Ordinal)])
                .Where(StackName.IsValid)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(Summarize)];

    public bool Exists(string stack) => _states.Exists(stack);

    /// <summary>The backend's stacks for references to them, those of other projects included.</summary>
    /// <param name="secrets">Asked only where a state has secrets.</param>
    public IStackReader References(ISecretsProvider secrets) => new StackReader(this, secrets);

    /// <summary>The same folder for another project.</summary>
    internal FileBackend Of(string project) => new(Location, project, _host, _time, _files);

    /// <summary>Makes an empty stack.</summary>
    /// <exception cref="StackExistsException">There is one of that name.</exception>
    public void Create(string stack)
    {
        if (!StackName.IsValid(stack))
        {
            throw new ConfigurationException($"\"{stack}\" is no stack name: 1 to 100 letters, digits, and . _ - are allowed.");
        }

        BackendMeta.Ensure(_files, _paths);
        using var held = StackLock.Take(_files, _paths.Locks(stack), stack, _host, _time);
        if (Exists(stack))
        {
            throw new StackExistsException(stack, Location.Url);
        }

        _states.Create(stack, StateWriter.WriteEmpty(_paths.FullName(stack)));
    }

    /// <summary>A stack's state to look at, without a lock.</summary>
    /// <param name="secrets">Asked only where the state has secrets.</param>
    /// <exception cref="StackNotFoundException">There is no such stack.</exception>
    /// <exception cref="StateFileException">The state is damaged.</exception>
    /// <exception cref="SecretsException">Its secrets cannot be opened.</exception>
    public async Task<Snapshot> LoadAsync(string stack, ISecretsProvider secrets, CancellationToken cancellationToken)
    {
        var document = Read(stack);
        return document.Read(await OpenSealsAsync(document, secrets, cancellationToken));
    }

    /// <summary>Takes the stack's lock and then reads its state, so that nobody changes it in between. Dispose the update to release the lock.</summary>
    /// <param name="manager">Encrypts what is written from now on: the manager of the stack's file, or null where it has none.</param>
    /// <param name="secrets">Opens the secrets that the state has; asked only where it has some.</param>
    /// <exception cref="StackLockedException">Somebody else is changing it.</exception>
    /// <exception cref="StackNotFoundException">There is no such stack.</exception>
    /// <exception cref="StateFileException">The state is damaged; it stays as it is.</exception>
    /// <exception cref="SecretsException">Its secrets cannot be opened.</exception>
    public async Task<StackUpdate> BeginUpdateAsync(string stack, ISecretsManager? manager, ISecretsProvider secrets, CancellationToken cancellationToken)
    {
        if (!Exists(stack))
        {
            throw new StackNotFoundException(stack, Location.Url);
        }

        BackendMeta.Ensure(_files, _paths);
        var held = StackLock.Take(_files, _paths.Locks(stack), stack, _host, _time);
        try
        {
            _states.RemoveLeftovers(stack);
            var document = Read(stack);
            var reading = await OpenSealsAsync(document, secrets, cancellationToken);
            var snapshot = document.Read(reading);

            // Under the same salt the ciphertexts that are there stay; under another one all are made anew.
            var writing = manager is null || (reading.Manager is { } same && JToken.DeepEquals(same.State, manager.State)) ? reading : new SecretSeals(manager);
            var writer = new StateWriter(_paths.FullName(stack), writing, document.Envelope);
            return new StackUpdate(_files, _paths, _states, stack, snapshot, writer, held, _host, _time);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>What <c>stack export</c> prints: version, features and deployment, indented. Secrets stay ciphertext.</summary>
    /// <exception cref="StackNotFoundException">There is no such stack.</exception>
    /// <exception cref="StateFileException">The state is damaged.</exception>
    public string Export(string stack) => Export(Read(stack), static deployment => deployment);

    /// <summary>The same with secrets in clear, as <c>--show-secrets</c> asks.</summary>
    /// <exception cref="SecretsException">The secrets cannot be opened.</exception>
    public async Task<string> ExportInClearAsync(string stack, ISecretsProvider secrets, CancellationToken cancellationToken)
    {
        var document = Read(stack);
        var manager = (await OpenSealsAsync(document, secrets, cancellationToken)).Manager;
        return Export(document, deployment => manager is null ? deployment : StateExport.InClear(deployment, manager));
    }

    private static string Export(StateDocument document, Func<JToken, JToken> reveal)
    {
        var export = new JObject { ["version"] = Math.Max(document.Version, 3) };
        if (document.Features.Length > 0)
        {
            export["features"] = new JArray(document.Features);
        }

        if (document.Deployment is not null)
        {
            export["deployment"] = reveal(document.Deployment.DeepClone());
        }

        var text = new StringBuilder();
        using var writer = new StringWriter(text);
        using var json = new JsonTextWriter(writer) { Formatting = Formatting.Indented, Indentation = 4 };
        export.WriteTo(json);
        return text.ToString();
    }

    private StateDocument Read(string stack) => Exists(stack) ? _states.Read(stack) : throw new StackNotFoundException(stack, Location.Url);

    private StackSummary Summarize(string stack)
    {
        try
        {
            var document = _states.Read(stack);
            return new(stack, document.Time, document.ResourceCount, null);
        }
        catch (StateFileException exception)
        {
            return new(stack, null, null, exception.Message);
        }
    }

    private static async Task<SecretSeals> OpenSealsAsync(StateDocument document, ISecretsProvider secrets, CancellationToken cancellationToken) =>
        new(document.HasSecrets ? await secrets.OpenAsync(document.SecretsType, document.SecretsState, cancellationToken) : null);
}
