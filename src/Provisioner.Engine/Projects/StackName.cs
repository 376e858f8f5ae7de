using System.Text.RegularExpressions;

namespace Provisioner.Engine.Projects;

/// <summary>Names of stacks.</summary>
public static partial class StackName
{
    /// <summary>The stack's plain name: <c>dev</c> for <c>dev</c>, <c>organization/dev</c> and <c>organization/PROJECT/dev</c>.</summary>
    /// <exception cref="ConfigurationException">It is no name, or of another project or organization.</exception>
    public static string Parse(string text, string project) => text.Split('/') switch
    {
        [var name] when IsValid(name) => name,
        ["organization", var name] when IsValid(name) => name,
        ["organization", var other, var name] when other == project && IsValid(name) => name,
        ["organization", var other, _] => throw new ConfigurationException(
            $"the stack \"{text}\" is of the project \"{other}\", but this is \"{project}\". Change to that project's folder."),
        [_] => throw new ConfigurationException($"\"{text}\" is no stack name: 1 to 100 letters, digits, and . _ - are allowed."),
        _ => throw new ConfigurationException(
            $"\"{text}\" is no stack name here: state in files knows the organization \"organization\" only. Write the name alone, such as `dev`."),
    };

    // Names become parts of paths.
    internal static bool IsValid(string name) => Name().IsMatch(name) && name is not ("." or "..");

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}\z")]
    private static partial Regex Name();
}
