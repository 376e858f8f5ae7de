using System.CommandLine;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Imports;

namespace Provisioner.Cli.Commands.Operations;

/// <summary><c>import</c>: takes what exists into the state, without a program.</summary>
internal static class ImportCommand
{
    public static Command Create(Runner run)
    {
        var options = OperationOptions.Create();
        var what = new Argument<string[]>("resource") { Description = "TYPE NAME ID, as in: provisioner:index:ZfsPool tank 1234567890", Arity = new ArgumentArity(0, 3) };
        var file = Text("A JSON file with \"resources\" (type, name, id, parent, provider, ...) and a \"nameTable\" of URNs, instead of arguments", "file", "--file", "-f");
        var parent = Text("The resource's parent", "urn", "--parent");
        var provider = Text("The resource's provider, which is in the state", "urn", "--provider");
        var properties = new Option<string[]>("--properties") { Description = "Which inputs to keep, as name1,name2; otherwise all that are read", HelpName = "names", Arity = ArgumentArity.ZeroOrMore };
        var protect = new Option<bool>("--protect") { Description = "Protect what is imported", DefaultValueFactory = _ => true };
        var command = new Command("import", "Take what exists into the state. Writes no code: put the resource into the program yourself, then \"preview\" says whether it fits")
        {
            what, options.Stack, file, parent, provider, properties, protect, options.Yes, options.PreviewOnly, options.Json, options.Diff, options.Parallel, options.SuppressOutputs, options.Debug,
        };

        // Pulumi's -f is the file here, so --skip-preview has no short form.
        var skipPreview = new Option<bool>("--skip-preview") { Description = "Do not preview before importing" };
        command.Add(skipPreview);
        return run.Bind(command, async (session, parsed, stop) =>
        {
            var settings = OperationSettings.Of(session, parsed, options, DeploymentKind.Import, previewOnly: false, parsed.GetValue(skipPreview));
            var (path, words) = (parsed.GetValue(file), parsed.GetValue(what) ?? []);
            if (path is null ? words.Length != 3 : words.Length > 0 || parsed.GetValue(parent) is not null || parsed.GetValue(provider) is not null || parsed.GetValue(properties) is { Length: > 0 })
            {
                throw new CliException(ExitCodes.Usage, "import takes TYPE NAME ID, or --file and nothing of a single resource");
            }

            return await OperationFlow.RunAsync(session, settings, stop, (stack, project) => path is not null
                ? ImportFile.Parse(path, File.ReadAllText(Path.GetFullPath(path, session.Context.WorkingDirectory)), stack, project, parsed.GetValue(protect))
                : [new ImportRequest(words[0], words[1], words[2])
                {
                    Parent = Reference(parsed.GetValue(parent)),
                    Provider = Reference(parsed.GetValue(provider)),
                    Properties = [.. (parsed.GetValue(properties) ?? []).SelectMany(names => names.Split(','))],
                    Protect = parsed.GetValue(protect),
                }]);
        });
    }

    /// <summary>Pulumi takes NAME=URN here, for the code it writes.</summary>
    private static string Reference(string? text) => text is null ? string.Empty : text[(text.IndexOf("=urn:", StringComparison.Ordinal) + 1)..];

    private static Option<string> Text(string description, string value, string name, params string[] aliases) => new(name, aliases) { Description = description, HelpName = value };
}
