using System.CommandLine;
using Newtonsoft.Json.Linq;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Deployments;

namespace Provisioner.Cli.Commands.Operations;

/// <summary><c>schema [PACKAGE]</c>: what a provider says of its resources, as <c>pulumi package get-schema</c> prints it and <c>pulumi package add</c> reads it.</summary>
internal static class SchemaCommand
{
    public static Command Create(Runner run)
    {
        var package = new Argument<string>("package") { Description = "A package of this project; its only one when left out", Arity = ArgumentArity.ZeroOrOne };
        return run.Bind(new Command("schema", "Print a package's schema") { package }, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var known = workspace.Project.Providers.Select(provider => provider.Name).Distinct().ToList();
            var name = parsed.GetValue(package) ?? (known.Count == 1
                ? known[0]
                : throw new CliException(ExitCodes.Usage, $"which package? Pulumi.yaml has {(known.Count == 0 ? "none" : string.Join(", ", known))} under plugins.providers; name one: `{CommandLine.Name} schema NAME`"));
            session.Print(JObject.Parse(await DeploymentEngine.GetSchemaAsync(workspace.Project, name, stop)).ToString());
            return ExitCodes.Success;
        });
    }
}
