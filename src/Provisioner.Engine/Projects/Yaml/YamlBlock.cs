using System.Text;

namespace Provisioner.Engine.Projects.Yaml;

/// <summary>Writes values as YAML, two blanks for each level, as Pulumi's CLI does.</summary>
internal static class YamlBlock
{
    private const int Step = 2;

    /// <summary>The value on one line, or null where it needs more.</summary>
    public static string? Inline(StackValue value) => value switch
    {
        StackValue.Scalar scalar => YamlScalars.Write(scalar),
        StackValue.List { Items.Length: 0 } => "[]",
        StackValue.Map { Entries.Count: 0 } => "{}",
        _ => null,
    };

    /// <summary>A mapping's entry, without the line's end.</summary>
    /// <param name="indent">Blanks before the key.</param>
    public static string Entry(string key, StackValue value, int indent) =>
        $"{Blanks(indent)}{YamlScalars.WriteText(key)}:{(Inline(value) is { } inline ? $" {inline}" : $"\n{Below(value, indent)}")}";

    /// <summary>A list's item, without the line's end.</summary>
    /// <param name="indent">Blanks before the dash.</param>
    public static string Item(StackValue value, int indent) =>
        $"{Blanks(indent)}- {Inline(value) ?? Below(value, indent).TrimStart(' ')}";

    /// <summary>What stands below a key or behind a dash, without the last line's end.</summary>
    /// <param name="indent">Blanks before the key or the dash.</param>
    public static string Below(StackValue value, int indent) => value switch
    {
        StackValue.Secure secure => Entry(YamlValues.SecureKey, StackValue.OfText(secure.Ciphertext), indent + Step),
        StackValue.Map map => string.Join('\n', map.Entries.Select(entry => Entry(entry.Key, entry.Value, indent + Step))),
        StackValue.List list => string.Join('\n', list.Items.Select(item => Item(item, indent + Step))),
        _ => throw new InvalidOperationException("A scalar stands on one line."),
    };

    /// <summary>The value between brackets, for a place inside brackets.</summary>
    public static string Flow(StackValue value) => value switch
    {
        StackValue.Scalar scalar => FlowText(YamlScalars.Write(scalar)),
        StackValue.Secure secure => $"{{{YamlValues.SecureKey}: {FlowText(YamlScalars.WriteText(secure.Ciphertext))}}}",
        StackValue.List list => $"[{string.Join(", ", list.Items.Select(Flow))}]",
        StackValue.Map map => $"{{{string.Join(", ", map.Entries.Select(entry => FlowEntry(entry.Key, entry.Value)))}}}",
        _ => throw new InvalidOperationException("The value has no form."),
    };

    public static string FlowEntry(string key, StackValue value) => $"{FlowText(YamlScalars.WriteText(key))}: {Flow(value)}";

    private static string FlowText(string written) =>
        written.StartsWith('"') || written.AsSpan().IndexOfAny(",[]{}") < 0 ? written : new StringBuilder("\"").Append(written).Append('"').ToString();

    private static string Blanks(int count) => new(' ', count);
}
