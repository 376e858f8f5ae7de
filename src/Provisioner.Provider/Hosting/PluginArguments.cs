namespace Provisioner.Provider.Hosting;

/// <summary>What an engine says when it starts a plugin: <c>[--logtostderr] [-v=N] [--tracing URL] [engine address]</c>.</summary>
/// <param name="EngineAddress">host:port of the engine; null when it will attach later.</param>
internal sealed record PluginArguments(string? EngineAddress)
{
    // Flags of Go's logging that take a value in a word of its own.
    private static readonly string[] WithValue = ["-tracing", "--tracing", "-v", "--v"];

    public static PluginArguments Parse(IReadOnlyList<string> arguments)
    {
        string? address = null;
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            if (WithValue.Contains(argument))
            {
                index++;
            }
            else if (!argument.StartsWith('-'))
            {
                address = argument;
            }
        }

        return new PluginArguments(address);
    }
}
