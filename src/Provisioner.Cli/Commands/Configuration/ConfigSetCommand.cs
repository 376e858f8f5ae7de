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
            var plain = parsed.GetValue(plaintext);
            var known = await KnownKeys.OfAsync(workspace.Project, asked.Key.Namespace, title => session.Error.Hint($"{title}..."), session.Error.Warn, stop);
            var shown = asked.Segments.IsEmpty ? ConfigReader.Shown(asked.Key, workspace.Project) : parsed.GetRequiredValue(key);
            var way = $"`{CommandLine.Name} config set --secret {(asked.Segments.IsEmpty ? string.Empty : "--path ")}{shown} --stack {name}`";
            if (!encrypted)
            {
                Allow(known, asked.Key.Name, shown, plain, way);
            }

            var given = parsed.GetValue(value);
            if (given is not null && encrypted)
            {
                session.Error.Warn("a secret on the command line can be seen by others on this machine and stays in the shell's history; leave the value out to be asked for it, or give it on standard input");
            }

            var file = workspace.StackFileOf(name);
            var text = given ?? await ReadAsync(session, asked, encrypted, stop);
            if (!encrypted && !plain && SecretLooks.Reason(asked, text) is { } reason)
            {
                throw new CliException(
                    ExitCodes.Usage,
                    $"the value of {shown} looks like a secret ({reason}), and would be stored in clear. Encrypt it: {way}. Or add --plaintext, if anybody may read it.");
            }

            (await SetAsync(workspace, file, asked, text, encrypted, stop)).Save();
            if (known.IsUnknown(asked.Key.Name))
            {
                session.Error.Warn($"{known.Says} does not know the key {asked.Key.Name}{Suggestion.For(asked.Key.Name, known.Keys!.Keys)}");
            }

            return ExitCodes.Success;
        });
    }

    /// <exception cref="CliException">The key, or the one that was meant, is declared secret, and would be stored in clear.</exception>
    private static void Allow(KnownKeys known, string name, string shown, bool plain, string way)
    {
        if (known.IsSecret(name))
        {
            throw new CliException(ExitCodes.Usage, $"{known.Says} declares {shown} as secret, so it is not stored in clear. Encrypt it: {way}.");
        }

        if (!plain && known.IsUnknown(name) && known.SecretMeantBy(name) is { } near)
        {
            throw new CliException(
                ExitCodes.Usage,
                $"{known.Says} does not know the key {name}, but {near}, which is secret. If that was meant, set it with --secret; if not, encrypt this one: {way}. Or add --plaintext, if anybody may read it.");
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
