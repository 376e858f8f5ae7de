namespace Provisioner.Engine.State;

/// <summary>What a state file must declare, so that an engine without it refuses the file (Pulumi's deployment features; version 4).</summary>
internal static class StateFeatures
{
    private const string RefreshBeforeUpdate = "refreshBeforeUpdate";
    private const string ReplaceWith = "replaceWith";
    private const string Taint = "taint";

    public static IReadOnlyList<string> Known { get; } = [RefreshBeforeUpdate, ReplaceWith, Taint];

    /// <summary>In ordinal order; empty for a file of version 3.</summary>
    public static IEnumerable<string> Of(Snapshot snapshot)
    {
        if (snapshot.Resources.Any(resource => resource.RefreshBeforeUpdate))
        {
            yield return RefreshBeforeUpdate;
        }

        if (snapshot.Resources.Any(resource => resource.ReplaceWith.Length > 0))
        {
            yield return ReplaceWith;
        }

        if (snapshot.Resources.Any(resource => resource.Taint))
        {
            yield return Taint;
        }
    }
}
