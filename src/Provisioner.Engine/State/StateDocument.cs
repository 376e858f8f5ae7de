using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Provisioner.Engine.State;

/// <summary>A state file that is whole, of a version known here, and not decrypted yet.</summary>
internal sealed class StateDocument
{
    // Older ones have been migrated.
    private const int OldestVersion = 3;
    private const int NewestVersion = 4;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _file;
    private readonly JObject? _manifest;

    private StateDocument(string file, JObject root)
    {
        _file = file;
        Root = root;
        Version = root["version"] is { Type: JTokenType.Integer } version ? StateJson.WholeOf(version) ?? int.MaxValue : 0;
        Checkpoint = root["checkpoint"] as JObject;
        Features = root["features"] is JArray features ? [.. features.OfType<JValue>().Select(feature => feature.Value).OfType<string>()] : [];
        Deployment = Checkpoint?["latest"] as JObject;
        _manifest = Deployment?["manifest"] as JObject;
    }

    /// <summary>The whole file.</summary>
    public JObject Root { get; }

    public int Version { get; }

    public ImmutableArray<string> Features { get; }

    public JObject? Checkpoint { get; }

    /// <summary>The deployment, or null for a stack that was never updated.</summary>
    public JObject? Deployment { get; }

    public int ResourceCount => (Deployment?["resources"] as JArray)?.Count ?? 0;

    /// <summary>When it was written, or null where it does not say.</summary>
    public DateTimeOffset? Time => _manifest?["time"] is { Type: JTokenType.String } text && StateTime.TryParse(text.Value<string>()!, out var time) ? time : null;

    /// <summary>The kind of the manager that encrypted its secrets, or empty.</summary>
    public string SecretsType => StateJson.TextOf(SecretsProviders?["type"]);

    public JObject? SecretsState => SecretsProviders?["state"] as JObject;

    /// <summary>Whether anything must be decrypted.</summary>
    public bool HasSecrets => Deployment is not null && Deployment.DescendantsAndSelf().OfType<JProperty>().Any(property => property.Name == "ciphertext");

    public StateEnvelope Envelope => new(
        StateEnvelope.Rest(Checkpoint, "stack", "latest"),
        StateEnvelope.Rest(Deployment, "manifest", "secrets_providers", "resources", "pending_operations"),
        StateEnvelope.Rest(_manifest, "time", "magic", "version"));

    private JObject? SecretsProviders => Deployment?["secrets_providers"] as JObject;

    /// <exception cref="StateFileException">It is not whole, no state, or of a version or with features not known here.</exception>
    public static StateDocument Parse(string file, ReadOnlySpan<byte> content)
    {
        string text;
        try
        {
            text = Strict.GetString(content);
        }
        catch (DecoderFallbackException exception)
        {
            throw new StateFileException($"{file} is damaged: byte {exception.Index} is not UTF-8.", exception);
        }

        JToken root;
        try
        {
            root = StateJson.Parse(text);
        }
        catch (JsonReaderException exception)
        {
            // The parser's own words may quote the file.
            var inside = string.IsNullOrEmpty(exception.Path) ? string.Empty : $", inside {exception.Path}";
            throw new StateFileException(
                StateJson.IsTooDeep(exception) ? $"{file} cannot be read at line {exception.LineNumber}, column {exception.LinePosition}: objects and lists stand in each other there more than {StateJson.MostLevels} levels deep."
                    : StateJson.IsCutOff(text, exception)
                    ? $"{file} is cut off: it ends at byte {content.Length}{inside}."
                    : $"{file} is damaged at line {exception.LineNumber}, column {exception.LinePosition}{inside}: it is no JSON there.",
                exception);
        }

        return root is JObject json
            ? new StateDocument(file, StateMigration.UpToDate(json)).Check()
            : throw new StateFileException($"{file} is no state file: it is no JSON object.");
    }

    /// <summary>An export (<c>stack export</c>), as if it stood in a state file.</summary>
    /// <exception cref="StateFileException">It is no export, or of a version or with features not known here.</exception>
    public static StateDocument OfExport(string text)
    {
        const string Name = "The export";
        if (StateJson.TryParse(text) is not JObject json || json["deployment"] is not (JObject or null))
        {
            throw new StateFileException($"{Name} is no JSON object with a \"deployment\", as `stack export` prints it.");
        }

        if (json["version"] is not { Type: JTokenType.Integer } || json["checkpoint"] is not null)
        {
            throw new StateFileException($"{Name} has no version, or is a state file of a backend: it must be what `stack export` prints.");
        }

        var root = new JObject { ["version"] = json["version"], ["features"] = json["features"], ["checkpoint"] = new JObject { ["latest"] = json["deployment"] } };
        return new StateDocument(Name, StateMigration.UpToDate(root)).Check();
    }

    /// <summary>What the file says, decrypted and checked.</summary>
    /// <exception cref="StateFileException">A part lacks something, cannot be decrypted, or contradicts another.</exception>
    public Snapshot Read(SecretSeals seals)
    {
        if (Deployment is null)
        {
            return Snapshot.Empty;
        }

        try
        {
            CheckMagic();
            var snapshot = new Snapshot(
                new Manifest(Time, StateJson.TextOf(_manifest?["version"])),
                [.. Items("resources").Select((token, index) => ResourceReader.Read(token, $"resources[{index}]", seals.Open))],
                [.. Items("pending_operations").Select((token, index) => ReadOperation(token, index, seals))]);
            StateIntegrity.Verify(snapshot);
            return snapshot;
        }
        catch (StateFileException exception)
        {
            throw new StateFileException($"{_file}: {exception.Message}", exception);
        }
    }

    /// <summary>The hash that ties a manifest to the version that wrote it.</summary>
    public static string Magic(string version) =>
        version.Length == 0 ? string.Empty : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version)));

    private StateDocument Check()
    {
        if (Version is < OldestVersion)
        {
            // Pulumi's own `stack init` writes version 0 and nothing else.
            return Checkpoint is not null && Deployment is null
                ? this
                : throw new StateFileException(
                    Root["resources"] is not null || Root["deployment"] is not null
                        ? $"{_file} is an export, not a state file of a backend. Load it with `pulumi stack import`."
                        : $"{_file} has version {Version}: no Pulumi has written such a file. If you have a copy of it, put that in its place.");
        }

        var unknown = Version < NewestVersion ? [] : Features.Except(StateFeatures.Known, StringComparer.Ordinal).ToArray();
        return Version > NewestVersion
            ? throw new StateFileException($"{_file} has version {Version}; versions up to {NewestVersion} are known here. Run this stack with Pulumi's CLI.")
            : unknown.Length > 0
                ? throw new StateFileException($"{_file} needs {string.Join(", ", unknown)}, which the embedded engine does not have. Run this stack with Pulumi's CLI.")
                : Checkpoint is null
                    ? throw new StateFileException($"{_file} is no state file: it lacks \"checkpoint\".")
                    : this;
    }

    private void CheckMagic()
    {
        var magic = StateJson.TextOf(_manifest?["magic"]);
        var version = StateJson.TextOf(_manifest?["version"]);
        if (magic != Magic(version))
        {
            throw new StateFileException($"manifest.magic does not fit version \"{version}\": the file was changed by hand, or is damaged.");
        }
    }

    private JArray Items(string name) => Deployment![name] switch
    {
        null or { Type: JTokenType.Null } => [],
        JArray array => array,
        _ => throw new StateFileException($"\"{name}\" is no list."),
    };

    private static PendingOperation ReadOperation(JToken token, int index, SecretSeals seals) =>
        token is JObject operation
        && operation["resource"] is { } resource
        && Enum.TryParse<PendingOperationType>(StateJson.TextOf(operation["type"]), ignoreCase: true, out var type) && Enum.IsDefined(type)
            ? new(ResourceReader.Read(resource, $"pending_operations[{index}].resource", seals.Open), type)
            : throw new StateFileException($"pending_operations[{index}] lacks its resource, or is of a type that is not known.");
}
