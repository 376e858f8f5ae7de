using System.Collections.Immutable;

namespace Provisioner.Engine.Projects;

/// <summary>The configuration of a stack: what its file says, over what the project says for every stack.</summary>
public static class StackConfig
{
    /// <summary>Every value as it is written, without a look at types and without a passphrase.</summary>
    public static ImmutableSortedDictionary<ConfigKey, StackValue> Merge(Project project, StackFile stackFile)
    {
        var merged = stackFile.Config.ToBuilder();
        foreach (var (key, declaration) in project.Config)
        {
            if (declaration.Given is { } given && !merged.ContainsKey(key))
            {
                merged.Add(key, given);
            }
        }

        return merged.ToImmutable();
    }

    /// <summary>Every value in clear, checked against the project's declarations.</summary>
    /// <param name="decrypt">Turns a ciphertext into its plaintext; called for encrypted values only.</param>
    /// <exception cref="ConfigurationException">Values are missing, of the wrong type, or must be encrypted; all of them are named.</exception>
    public static ImmutableSortedDictionary<ConfigKey, ConfigValue> Resolve(Project project, StackFile stackFile, Func<string, string> decrypt)
    {
        if (stackFile.HasEnvironments)
        {
            throw new ConfigurationException(
                $"{stackFile.FilePath} imports an environment (`environment:`), which only Pulumi's service can open. Write its values under `config:`, or run this stack with Pulumi's CLI.");
        }

        var merged = Merge(project, stackFile);
        var problems = project.Config
            .Select(declared => Problem(project, stackFile, declared.Key, declared.Value, merged.GetValueOrDefault(declared.Key), decrypt))
            .OfType<string>()
            .ToArray();
        return problems.Length == 0
            ? merged.ToImmutableSortedDictionary(pair => pair.Key, pair => Reveal(pair.Value, decrypt))
            : throw new ConfigurationException(string.Join(Environment.NewLine, problems));
    }

    /// <summary>One value in clear.</summary>
    /// <param name="decrypt">Turns a ciphertext into its plaintext; called for encrypted values only.</param>
    public static ConfigValue Reveal(StackValue value, Func<string, string> decrypt) => new(StackValueText.Of(value, decrypt), value.IsSecure);

    private static string? Problem(
        Project project, StackFile stackFile, ConfigKey key, ConfigDeclaration declaration, StackValue? value, Func<string, string> decrypt)
    {
        var name = key.Namespace == project.Name ? key.Name : key.ToString();
        var secret = declaration.IsSecret ? "--secret " : string.Empty;
        if (value is null)
        {
            return key.Namespace != project.Name
                ? null
                : $"stack \"{stackFile.Stack}\" has no value for {name}{(declaration.Description.Length > 0 ? $" ({declaration.Description})" : string.Empty)}. "
                    + $"Set it with `config set {secret}{name} {(declaration.IsSecret ? string.Empty : "<value> ")}--stack {stackFile.Stack}`.";
        }

        if (declaration.IsSecret && !value.IsSecure)
        {
            return $"stack \"{stackFile.Stack}\" has {name} in clear, but the project says it is secret. Encrypt it with `config set --secret {name} --stack {stackFile.Stack}`.";
        }

        // Programs get every scalar as text, so one that looks like a number is still a string here, as in Pulumi.
        var checkedValue = value is StackValue.Scalar scalar ? StackValue.OfText(scalar.Text) : value;
        return declaration.Type.Length == 0 || ConfigTypes.Fits(declaration.FullType, checkedValue, decrypt)
            ? null
            : $"stack \"{stackFile.Stack}\": {name} must be {Article(declaration.FullType)} {declaration.FullType}, but it is {Shown(value)}. "
                + $"Set it with `config set {secret}{name} {(declaration.IsSecret ? string.Empty : "<value> ")}--stack {stackFile.Stack}`.";
    }

    private static string Article(string type) => type[0] is 'a' or 'i' or 'o' ? "an" : "a";

    private static string Shown(StackValue value) => value switch
    {
        _ when value.IsSecure => "another value (encrypted, so not shown)",
        StackValue.Scalar scalar => $"\"{scalar.Text}\"",
        StackValue.List => "a list",
        _ => "a mapping",
    };
}
