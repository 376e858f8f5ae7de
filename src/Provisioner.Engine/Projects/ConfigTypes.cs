using System.Globalization;

namespace Provisioner.Engine.Projects;

/// <summary>The types that a project can declare for its configuration, and what fits them (Pulumi's ValidateConfigValue).</summary>
internal static class ConfigTypes
{
    public const string Array = "array";

    public static IReadOnlyList<string> Names { get; } = ["string", "integer", "boolean", Array, "object"];

    /// <summary>Whether a value fits a type.</summary>
    /// <param name="type">One of <see cref="Names"/>; arrays as <c>array&lt;…&gt;</c>.</param>
    /// <param name="decrypt">Turns a ciphertext into its plaintext.</param>
    public static bool Fits(string type, StackValue value, Func<string, string> decrypt) => (type, value) switch
    {
        ("object", _) => value is StackValue.Map,
        (_, StackValue.List list) => ItemsOf(type) is { } items && list.Items.All(item => Fits(items, item, decrypt)),
        (_, StackValue.Secure secure) => type == "string" || Fits(type, StackValue.OfText(decrypt(secure.Ciphertext)), decrypt),
        ("string", StackValue.Scalar scalar) => scalar.Kind == ScalarKind.Text,
        ("integer", StackValue.Scalar scalar) => scalar.Kind == ScalarKind.Integer || IsInteger(scalar.Text),
        ("boolean", StackValue.Scalar scalar) => scalar.Text is "true" or "false",
        _ => false,
    };

    private static string? ItemsOf(string type) =>
        type.StartsWith("array<", StringComparison.Ordinal) ? type["array<".Length..^1] : null;

    private static bool IsInteger(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
}
