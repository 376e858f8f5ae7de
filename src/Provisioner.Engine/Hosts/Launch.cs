using System.Collections.Immutable;

namespace Provisioner.Engine.Hosts;

/// <summary>How a child is started.</summary>
/// <param name="Command">An absolute path, or a name on the search path.</param>
/// <param name="Directory">The working directory.</param>
/// <param name="Environment">Added to the engine's own environment.</param>
internal sealed record Launch(
    string Command,
    ImmutableArray<string> Arguments,
    string Directory,
    ImmutableDictionary<string, string> Environment);
