using Newtonsoft.Json.Linq;
using Provisioner.Cli.Display;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Configuration;

/// <summary>Configuration values as a person or a script reads them: with secrets in clear, or hidden.</summary>
internal sealed class ConfigReader
{
    private readonly Func<string, string>? _decrypt;

    private ConfigReader(Func<string, string>? decrypt) => _decrypt = decrypt;

    /// <summary>Shows no secret, and so needs no passphrase.</summary>
    public static ConfigReader Hiding { get; } = new(null);

    /// <summary>Shows secrets in clear.</summary>
    public static async Task<ConfigReader> OpenAsync(Workspace workspace, StackFile file, CancellationToken cancellationToken)
    {
        var manager = await file.OpenSecretsAsync(workspace.Secrets, cancellationToken);
        return new ConfigReader(manager is null
            ? _ => throw new CliException(ExitCodes.Usage, $"{file.FilePath} has encrypted values but no encryptionsalt, so they cannot be read. Restore that line from version control.")
            : manager.Decrypt);
    }

    /// <summary>The project's own keys without its name, as people type them.</summary>
    public static string Shown(ConfigKey key, Project project) => key.Namespace == project.Name ? key.Name : key.ToString();

    /// <summary>The warning for a secret that nobody has encrypted.</summary>
    public static string InClear(string shown, string reason, StackFile file) =>
        $"{Path.GetFileName(file.FilePath)} has {shown} in clear, and it looks like a secret ({reason}); it is kept as one here. Encrypt it: `{CommandLine.Name} config set --secret {shown} --stack {file.Stack}`";

    public string Text(StackValue value) =>
        StackConfig.Reveal(value, Decrypt).Text;

    /// <summary>Pulumi's shape: the text, what it holds where it is a list or a mapping, and whether it is secret.</summary>
    public JObject Json(StackValue value)
    {
        var json = new JObject();
        if (!value.IsSecure || _decrypt is not null)
        {
            var text = Text(value);
            json["value"] = text;
            if (value is StackValue.List or StackValue.Map)
            {
                json["objectValue"] = JToken.Parse(text, new JsonLoadSettings { LineInfoHandling = LineInfoHandling.Ignore });
            }
        }

        json["secret"] = value.IsSecure;
        return json;
    }

    private string Decrypt(string ciphertext) => _decrypt is null ? ValueText.Secret : _decrypt(ciphertext);
}
