using System.Collections.Immutable;
using System.Text;
using Provisioner.Engine.Files;
using Provisioner.Engine.Projects.Yaml;
using Provisioner.Engine.Secrets;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects;

/// <summary>
/// A stack's file, <c>Pulumi.STACK.yaml</c>: configuration and the salt of its secrets. Immutable; a change gives a new one, and <see cref="Save"/> writes it.
/// People keep these files in version control, so a change touches the lines it must and no others.
/// </summary>
public sealed class StackFile
{
    private const string ConfigField = "config";
    private const string SaltField = "encryptionsalt";

    private readonly Project _project;
    private readonly string _text;
    private readonly ImmutableSortedDictionary<ConfigKey, string> _written;

    private StackFile(Project project, string stack, string path, string text)
    {
        (_project, Stack, FilePath, _text) = (project, stack, path, text);
        var root = YamlText.Parse(path, text);
        var reader = root is null ? null : new YamlReader(path, root);
        EncryptionSalt = reader?.Text(SaltField) ?? string.Empty;
        SecretsProvider = reader?.Text("secretsprovider") ?? string.Empty;
        HasEnvironments = reader?.Node("environment") is not (null or YamlSequenceNode { Children.Count: 0 } or YamlMappingNode { Children.Count: 0 });
        (Config, _written) = reader?.Map(ConfigField) is { } config ? ReadConfig(project, path, config) : (Config, ImmutableSortedDictionary<ConfigKey, string>.Empty);
    }

    /// <summary>The stack's name.</summary>
    public string Stack { get; }

    /// <summary>The absolute path; the file need not exist.</summary>
    public string FilePath { get; }

    /// <summary><c>encryptionsalt</c>, or empty where the stack has no secrets yet.</summary>
    public string EncryptionSalt { get; }

    /// <summary><c>secretsprovider</c>, or empty for the passphrase.</summary>
    public string SecretsProvider { get; }

    /// <summary>The values by full key, as they are written: secrets are ciphertext.</summary>
    public ImmutableSortedDictionary<ConfigKey, StackValue> Config { get; } = ImmutableSortedDictionary<ConfigKey, StackValue>.Empty;

    /// <summary>It imports environments, which only Pulumi's service can open.</summary>
    internal bool HasEnvironments { get; }

    /// <summary>Where a stack's file is or would be.</summary>
    public static string PathOf(Project project, string stack)
    {
        var extension = Path.GetExtension(project.FilePath) is { Length: > 0 } known ? known : ".yaml";
        return Path.GetFullPath(Path.Combine(project.Directory, project.StackConfigDirectory, $"Pulumi.{stack}{extension}"));
    }

    /// <summary>Reads a stack's file; one that does not exist is empty.</summary>
    /// <param name="elsewhere">An absolute path to read instead of the stack's own, or null.</param>
    /// <exception cref="ProjectFileException">It cannot be used.</exception>
    public static StackFile Load(Project project, string stack, string? elsewhere = null)
    {
        var path = elsewhere ?? PathOf(project, StackName.Parse(stack, project.Name));
        return Parse(project, stack, path, Path.Exists(path) ? YamlText.Read(path) : string.Empty);
    }

    internal static StackFile Parse(Project project, string stack, string path, string text) => new(project, stack, path, text);

    /// <summary>The value at a path as it is written, or null.</summary>
    public StackValue? Get(ConfigPath path) => Config.TryGetValue(path.Key, out var value) ? value.Get(path.Segments.AsSpan()) : null;

    /// <summary>The file with a value set. Below a key, texts that read as an integer or a truth value become one, as with Pulumi's <c>--path</c>.</summary>
    /// <exception cref="ConfigurationException">The path does not fit what is there.</exception>
    public StackFile Set(ConfigPath path, StackValue value)
    {
        var typed = path.Segments.Length > 0 && value is StackValue.Scalar { Kind: ScalarKind.Text } scalar ? Coerce(scalar) : value;
        return Edit((editor, text) => editor.Set(text, YamlPath(path), typed, path.ToString()));
    }

    /// <summary>The file without a value; one that does not exist changes nothing.</summary>
    public StackFile Remove(ConfigPath path) =>
        Get(path) is null ? this : Edit((editor, text) => editor.Remove(text, YamlPath(path), path.ToString()));

    /// <summary>The file with the salt of its secrets.</summary>
    public StackFile WithEncryptionSalt(string salt) =>
        Edit((editor, text) => editor.Set(text, [SaltField], StackValue.OfText(salt), SaltField));

    /// <summary>The manager of the stack's secrets, or null where it has no salt yet.</summary>
    /// <exception cref="SecretsException">The passphrase is missing or wrong, or the stack uses another secrets provider.</exception>
    public async Task<ISecretsManager?> OpenSecretsAsync(PassphraseSecrets secrets, CancellationToken cancellationToken) =>
        SecretsProvider is not ("" or "default" or PassphraseSecrets.ProviderType)
            ? throw new SecretsException(
                "secrets-provider-unknown",
                $"{FilePath}: secretsprovider is \"{SecretsProvider}\"; the embedded engine knows \"{PassphraseSecrets.ProviderType}\" only. "
                + "Change it with `pulumi stack change-secrets-provider passphrase`, or run this stack with Pulumi's CLI.")
            : EncryptionSalt.Length == 0 ? null : await secrets.OpenAsync(EncryptionSalt, cancellationToken);

    /// <summary>Writes the file whole or not at all; who may read it stays as it was.</summary>
    public void Save()
    {
        // The question after a link fails for a file that is not there yet.
        var target = (File.Exists(FilePath) ? File.ResolveLinkTarget(FilePath, returnFinalTarget: true)?.FullName : null) ?? FilePath;
        FileOperations.Instance.CreateDirectory(Path.GetDirectoryName(target)!);
        UnixFileMode? mode = !OperatingSystem.IsWindows() && File.Exists(target) ? File.GetUnixFileMode(target) : null;
        AtomicFile.Replace(FileOperations.Instance, target, Encoding.UTF8.GetBytes(_text), mode);
    }

    /// <summary>The file's text.</summary>
    public override string ToString() => _text;

    private static StackValue.Scalar Coerce(StackValue.Scalar scalar) =>
        // As Pulumi: true, false, and digits that do not begin with 0.
        scalar.Text is "true" or "false" ? scalar with { Kind = ScalarKind.Boolean }
        : scalar.Text is "0" || (!scalar.Text.StartsWith('0') && long.TryParse(scalar.Text, out _)) ? YamlScalars.Resolve(scalar.Text)
        : scalar;

    private static (ImmutableSortedDictionary<ConfigKey, StackValue> Config, ImmutableSortedDictionary<ConfigKey, string> Written) ReadConfig(
        Project project, string path, YamlReader config)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<ConfigKey, StackValue>();
        var written = ImmutableSortedDictionary.CreateBuilder<ConfigKey, string>();
        foreach (var (keyNode, value) in config.Mapping.Children)
        {
            var text = config.Text(keyNode, "(key)");
            var key = ConfigKey.TryParse(text, project.Name)
                ?? throw config.Error(keyNode, $"`config.{text}` is no configuration key. Write `{project.Name}:name`, or `package:name` for another package's.");
            if (!values.TryAdd(key, YamlValues.From(value, path)))
            {
                throw config.Error(keyNode, $"`config.{text}` stands here twice: {written[key]} is the same key. Keep one of them.");
            }

            written.Add(key, text);
        }

        return (values.ToImmutable(), written.ToImmutable());
    }

    private ImmutableArray<object> YamlPath(ConfigPath path) =>
        [ConfigField, _written.TryGetValue(path.Key, out var written) ? written : path.Key.ToString(), .. path.Segments];

    private StackFile Edit(Func<YamlEditor, string, string> edit)
    {
        // The editor thinks in \n.
        var crlf = _text.Contains("\r\n", StringComparison.Ordinal);
        var text = edit(new YamlEditor(FilePath), crlf ? _text.Replace("\r\n", "\n", StringComparison.Ordinal) : _text);
        return new StackFile(_project, Stack, FilePath, crlf ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text);
    }
}
