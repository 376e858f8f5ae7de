using System.Collections.Immutable;
using System.Text;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Modelling;

/// <summary>
/// Something that a plan would have to do and that may not be done: because it destroys and nobody agreed, or because it is
/// forbidden whoever agrees. A preview prints it as a warning; an update fails with it before its first step.
/// </summary>
/// <param name="What">A clause without a full stop that fits behind "refused to": "wipe the disk S49…".</param>
internal sealed record Refusal(string What)
{
    /// <summary>Why, in lines.</summary>
    public string? Why { get; init; }

    /// <summary>What is there now, each one line.</summary>
    public ImmutableArray<string> Facts { get; init; } = [];

    /// <summary>What would be lost, each one line.</summary>
    public ImmutableArray<string> Losses { get; init; } = [];

    /// <summary>The token that would be consent; null where no consent helps.</summary>
    public string? Token { get; init; }

    /// <summary>The way out, best a command to type.</summary>
    public string? Next { get; init; }

    /// <summary>For a preview.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"up will refuse to {What}");
        Append(text, Details);
        Append(text, Next ?? string.Empty);
        return text.ToString();
    }

    /// <summary>For an update.</summary>
    /// <param name="refusals">At least one.</param>
    /// <param name="where">The device.</param>
    public static RefusedDestructiveException Error(ImmutableArray<Refusal> refusals, string? where) =>
        new($"Refused to {string.Join(", and to ", refusals.Select(refusal => refusal.What))}")
        {
            Where = where,
            Why = string.Join('\n', refusals.Select(refusal => refusal.Details).Where(details => details.Length > 0)),
            Next = string.Join('\n', refusals.Select(refusal => refusal.Next).OfType<string>().Distinct(StringComparer.Ordinal)),
        };

    private string Details
    {
        get
        {
            var text = new StringBuilder(Why);
            List("it is now:", Facts);
            List("lost would be:", Losses);
            return text.ToString().TrimStart('\n');

            void List(string title, ImmutableArray<string> lines)
            {
                if (!lines.IsEmpty)
                {
                    text.Append('\n').Append(title);
                    foreach (var line in lines)
                    {
                        text.Append("\n  ").Append(line);
                    }
                }
            }
        }
    }

    private static void Append(StringBuilder text, string lines)
    {
        if (lines.Length > 0)
        {
            text.Append("\n  ").Append(lines.Replace("\n", "\n  ", StringComparison.Ordinal));
        }
    }
}
