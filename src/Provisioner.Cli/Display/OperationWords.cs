using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments;

namespace Provisioner.Cli.Display;

/// <summary>How an operation is called and marked; words and marks are Pulumi's, so that eyes and scripts find them again.</summary>
internal static class OperationWords
{
    /// <summary>Two characters.</summary>
    public static string Prefix(StepOperation operation) => operation switch
    {
        StepOperation.Create => "+ ",
        StepOperation.Update or StepOperation.Refresh or StepOperation.RemovePendingReplace => "~ ",
        StepOperation.Delete => "- ",
        StepOperation.Replace => "+-",
        StepOperation.CreateReplacement => "++",
        StepOperation.DeleteReplaced => "--",
        StepOperation.Read => "> ",
        StepOperation.ReadReplacement => ">>",
        StepOperation.Discard => "< ",
        StepOperation.DiscardReplaced => "<<",
        StepOperation.Import => "= ",
        StepOperation.ImportReplacement => "=>",
        _ => "  ",
    };

    /// <summary>The name in summaries and in JSON: <c>create-replacement</c>.</summary>
    public static string Name(StepOperation operation) => operation switch
    {
        StepOperation.CreateReplacement => "create-replacement",
        StepOperation.DeleteReplaced => "delete-replaced",
        StepOperation.ReadReplacement => "read-replacement",
        StepOperation.DiscardReplaced => "discard-replaced",
        StepOperation.RemovePendingReplace => "remove-pending-replace",
        StepOperation.ImportReplacement => "import-replacement",
        _ => operation.ToString().ToLowerInvariant(),
    };

    /// <summary>What a preview says will happen.</summary>
    public static string Planned(StepOperation operation) => operation switch
    {
        StepOperation.Same or StepOperation.RemovePendingReplace => string.Empty,
        StepOperation.CreateReplacement => "create replacement",
        StepOperation.DeleteReplaced => "delete original",
        StepOperation.ReadReplacement => "read for replacement",
        StepOperation.DiscardReplaced => "discard original",
        StepOperation.ImportReplacement => "import replacement",
        _ => Name(operation),
    };

    /// <summary>What is going on.</summary>
    public static string Running(StepOperation operation) => operation switch
    {
        StepOperation.Create => "creating",
        StepOperation.Update => "updating",
        StepOperation.Delete => "deleting",
        StepOperation.Replace => "replacing",
        StepOperation.CreateReplacement => "creating replacement",
        StepOperation.DeleteReplaced => "deleting original",
        StepOperation.Read => "reading",
        StepOperation.ReadReplacement => "reading for replacement",
        StepOperation.Refresh => "refreshing",
        StepOperation.Discard => "discarding",
        StepOperation.DiscardReplaced => "discarding original",
        StepOperation.Import => "importing",
        StepOperation.ImportReplacement => "importing replacement",
        _ => string.Empty,
    };

    /// <summary>What has been done.</summary>
    public static string Done(StepOperation operation) => operation switch
    {
        StepOperation.Create => "created",
        StepOperation.Update => "updated",
        StepOperation.Delete => "deleted",
        StepOperation.Replace => "replaced",
        StepOperation.CreateReplacement => "created replacement",
        StepOperation.DeleteReplaced => "deleted original",
        StepOperation.Read => "read",
        StepOperation.ReadReplacement => "read for replacement",
        StepOperation.Refresh => "refreshed",
        StepOperation.Discard => "discarded",
        StepOperation.DiscardReplaced => "discarded original",
        StepOperation.Import => "imported",
        StepOperation.ImportReplacement => "imported replacement",
        _ => string.Empty,
    };

    public static Tone Tone(StepOperation operation) => operation switch
    {
        StepOperation.Create or StepOperation.CreateReplacement or StepOperation.Import or StepOperation.ImportReplacement => Terminal.Tone.Create,
        StepOperation.Update or StepOperation.Refresh or StepOperation.RemovePendingReplace => Terminal.Tone.Update,
        StepOperation.Delete or StepOperation.DeleteReplaced or StepOperation.Discard or StepOperation.DiscardReplaced => Terminal.Tone.Delete,
        StepOperation.Replace => Terminal.Tone.Replace,
        StepOperation.Read or StepOperation.ReadReplacement => Terminal.Tone.Read,
        _ => Terminal.Tone.Normal,
    };
}
