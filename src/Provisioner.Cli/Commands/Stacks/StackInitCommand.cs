using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Stacks;

/// <summary><c>stack init NAME</c>: an empty stack, with a passphrase for its secrets, selected from then on.</summary>
internal static class StackInitCommand
{
    public static Command Create(Runner run)
    {
        var name = new Argument<string>("name") { Description = "The stack's name", Arity = ArgumentArity.ZeroOrOne };
        var stack = StackOption.Create();
        var noSelect = new Option<bool>("--no-select") { Description = "Do not select the new stack" };
        var provider = new Option<string>("--secrets-provider")
        {
            Description = "What protects the stack's secrets; this engine knows passphrase only",
            DefaultValueFactory = _ => "passphrase",
        };
        provider.AcceptOnlyFromAmong("passphrase", "default");
        return run.Bind(new Command("init", "Create an empty stack") { name, stack, noSelect, provider }, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var asked = parsed.GetValue(name) ?? parsed.GetValue(stack)
                ?? (session.IsInteractive
                    ? await session.Context.Prompts.TextAsync("Name of the stack:", stop)
                    : throw new CliException(ExitCodes.Usage, $"which stack? Name it: `{CommandLine.Name} stack init dev`"));
            var created = StackName.Parse(asked, workspace.Project.Name);
            if (workspace.Backend.Exists(created))
            {
                throw new StackExistsException(created, workspace.Backend.Location.Url);
            }

            // A stack file that came with the project has its salt already.
            var file = StackFile.Load(workspace.Project, created);
            if (file.EncryptionSalt.Length == 0)
            {
                var (_, salt) = await workspace.Secrets.CreateAsync(stop);
                file = file.WithEncryptionSalt(salt);
            }

            workspace.Backend.Create(created);
            file.Save();
            if (!parsed.GetValue(noSelect))
            {
                workspace.Select(created);
            }

            session.Print($"Created stack '{created}'");
            return ExitCodes.Success;
        });
    }
}
