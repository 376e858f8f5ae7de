using System.Security.Cryptography;

namespace Provisioner.Engine.Deployments;

/// <summary>Time and chance, so that tests can hold both still.</summary>
/// <param name="NewId">The ids of provider resources.</param>
/// <param name="NewSeed">32 random bytes.</param>
internal sealed record EngineServices(TimeProvider Time, Func<Guid> NewId, Func<byte[]> NewSeed)
{
    public static EngineServices Default { get; } = new(TimeProvider.System, Guid.NewGuid, () => RandomNumberGenerator.GetBytes(32));

    /// <summary>The engine's version as the state's manifest has it.</summary>
    public static string Version { get; } = $"v{typeof(EngineServices).Assembly.GetName().Version?.ToString(3)}";
}
