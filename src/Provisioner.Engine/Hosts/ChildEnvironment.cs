using Provisioner.Engine.Secrets;

namespace Provisioner.Engine.Hosts;

/// <summary>The environment of children: the engine's own, without what opens the stack's secrets.</summary>
internal static class ChildEnvironment
{
    /// <summary>Takes the withheld variables out, and puts the additional ones in.</summary>
    public static void Apply(IDictionary<string, string?> environment, IEnumerable<KeyValuePair<string, string>> additional)
    {
        foreach (var name in PassphraseSource.SecretVariables)
        {
            environment.Remove(name);
        }

        foreach (var (name, value) in additional)
        {
            environment[name] = value;
        }
    }

    /// <summary>The same for a command that is run to its end: a null value takes a variable out.</summary>
    public static Dictionary<string, string?> ForCommand() => PassphraseSource.SecretVariables.ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);
}
