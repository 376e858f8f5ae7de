using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Configuration;

/// <summary><c>config set KEY [VALUE]</c>: without a value it is asked for or read from standard input, so that a password need not stand in a command line.</summary>
internal static class ConfigSetCommand
{
    public static Command Create(Runner run, Option<string> stack)
    {
        var key = new Argument<string>("key") { Description = "The key, such as ssid or provisioner:user" };
        var value = new Argument<string>("value") { Description = "The value; when left out it is asked for, or read from standard input", Arity = ArgumentArity.ZeroOrOne };
        var path = new Option<bool>("--path") { Description = "The key is a path into a list or a mapping: outer.inner, names[0]" };
        var secret = new Option<bool>("--secret") { Description = "Encrypt the value" };
        var plaintext = new Option<bool>("--plaintext") { Description = "Store the value in clear" };
        var command = new Command("set", "Set a configuration value") { key, value, path, secret, plaintext };
        return run.Bind(command, async (session, parsed, stop) =>
        {
            if (parsed.GetValue(secret) && parsed.GetValue(plaintext))
            {
                throw new CliException(ExitCodes.Usage, "--secret and --plaintext exclude each other");
            }

            using var workspace = Workspace.Open(session);
            var name = await workspace.RequireStackAsync(parsed.GetValue(stack), stop);
            var asked = ConfigPath.Parse(parsed.GetRequiredValue(key), workspace.Project.Name, parsed.GetValue(path));
            var encrypted = parsed.GetValue(secret);
            Allow(workspace.Project, asked.Key, encrypted, name);
            var given = parsed.GetValue(value);
            if (given is not null && encrypted)
            {
                session.Error.Warn("a secret on the command line can be seen by others on this machine and stays in the shell's history; leave the value out to be asked for it, or give it on standard input");
            }

            var file = workspace.StackFileOf(name);
            var text = given ?? await ReadAsync(session, asked, encrypted, stop);
            (await SetAsync(workspace, file, asked, text, encrypted, stop)).Save();
            return ExitCodes.Success;
        });
    }

    /// <exception cref="CliException">The project declares the key secret, and it would be stored in clear.</exception>
    private static void Allow(Project project, ConfigKey key, bool encrypted, string stack)
    {
        if (!encrypted && project.Config.TryGetValue(key, out var declaration) && declaration.IsSecret)
        {
            var shown = ConfigReader.Shown(key, project);
            throw new CliException(
                ExitCodes.Usage,
                $"the project declares {shown} as secret, so it is not stored in clear. Encrypt it: `{CommandLine.Name} config set --secret {shown} --stack {stack}`.");
        }
    }

    private static async Task<string> ReadAsync(Session session, ConfigPath path, bool encrypted, CancellationToken stop)
    {
        var context = session.Context;
        if (session.CanAsk)
        {
            return encrypted
                ? await context.Prompts.SecretAsync($"Value of {path} (not shown):", stop)
                : await context.Prompts.TextAsync($"Value of {path}:", stop);
        }

        if (context.InputIsTerminal)
        {
            throw new CliException(ExitCodes.Usage, $"no value for {path}, and nobody to ask: give it as an argument or on standard input");
        }

        var text = await context.Input().ReadToEndAsync(stop);

        // What `echo` and here-strings add is not part of the value.
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }

    private static async Task<StackFile> SetAsync(Workspace workspace, StackFile file, ConfigPath path, string text, bool encrypted, CancellationToken stop)
    {
        if (!encrypted)
        {
            return file.Set(path, StackValue.OfText(text));
        }

        var manager = await file.OpenSecretsAsync(workspace.Secrets, stop);
        if (manager is null)
        {
            (manager, var salt) = await workspace.Secrets.CreateAsync(stop);
            file = file.WithEncryptionSalt(salt);
        }

        return file.Set(path, new StackValue.Secure(manager.Encrypt(text)));
    }
}
