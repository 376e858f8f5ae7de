namespace Provisioner.Engine.Backend;

/// <summary>A stack as a list shows it.</summary>
/// <param name="LastUpdate">When its state was written last, or null for never.</param>
/// <param name="ResourceCount">Null where the state cannot be read.</param>
/// <param name="Problem">Why the state cannot be read, or null.</param>
public sealed record StackSummary(string Name, DateTimeOffset? LastUpdate, int? ResourceCount, string? Problem);
