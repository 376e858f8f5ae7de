namespace Provisioner.Engine.Deployments;

/// <summary>What a step does to a resource; names and order are Pulumi's.</summary>
public enum StepOperation
{
    Same,
    Create,
    Update,
    Delete,
    Replace,
    CreateReplacement,
    DeleteReplaced,
    Read,
    ReadReplacement,
    Refresh,
    Discard,
    DiscardReplaced,
    RemovePendingReplace,
    Import,
    ImportReplacement,
}
