using System.Globalization;
using System.Text;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Modelling;

/// <summary>A plan for people: what differs and why it matters, then the steps in the order in which they will run.</summary>
internal static class PlanText
{
    /// <summary>Prints the plan of a preview below its resource.</summary>
    public static void Print(ResourcePlan plan, string? device, IOperationContext context)
    {
        if (Render(plan, device is null ? null : DeviceAddress.Parse(device).Display) is { Length: > 0 } text)
        {
            context.Info(text);
        }

        foreach (var refusal in plan.Refusals)
        {
            context.Warn(refusal.ToString());
        }

        foreach (var step in plan.Steps)
        {
            if (step.Script is not null)
            {
                context.Debug($"script of \"{step.Sentence}\":\n{step.Script}");
            }
        }
    }

    /// <summary>A step's sentence with the list of its parts below it.</summary>
    public static string WithParts(string title, IEnumerable<string> parts) =>
        $"{title}:{string.Concat(parts.Select((part, index) => $"\n     {(char)('a' + index)}. {part}"))}";

    /// <summary>The text; empty when nothing differs and nothing runs.</summary>
    public static string Render(ResourcePlan plan, string? device)
    {
        var text = new StringBuilder();
        var notable = plan.Changes.Where(change => change.Because is not null).ToList();
        if (notable.Count > 0)
        {
            text.Append("differs:");
            notable.ForEach(change => text.Append(CultureInfo.InvariantCulture, $"\n  {change}"));
        }

        if (!plan.Steps.IsEmpty)
        {
            text.Append(text.Length > 0 ? "\n" : string.Empty);
            text.Append(device is null ? "would do" : $"would run on {device}").Append(plan.Refusals.IsEmpty ? ":" : ", once nothing is refused any more:");
            for (var index = 0; index < plan.Steps.Length; index++)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  {index + 1}. {plan.Steps[index].Sentence}");
            }
        }

        return text.ToString();
    }
}
