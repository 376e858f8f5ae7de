using System.Globalization;

namespace Provisioner.Engine;

/// <summary>Doubles in JSON as Go writes them, so that a number which went through both engines is the same text.</summary>
internal static class JsonNumber
{
    /// <summary>The shortest text that reads back as the same finite number.</summary>
    public static string Format(double value)
    {
        if (value == 0)
        {
            // Many readers take -0 for the integer, which has no sign.
            return double.IsNegative(value) ? "-0.0" : "0";
        }

        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        if (exponentAt < 0)
        {
            return shortest;
        }

        var exponent = int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent is >= -6 and < 21
            ? Plain(shortest[..exponentAt], exponent)
            : $"{shortest[..exponentAt]}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)}";
    }

    private static string Plain(string mantissa, int exponent)
    {
        var sign = mantissa.StartsWith('-') ? "-" : string.Empty;
        var digits = mantissa.TrimStart('-').Replace(".", string.Empty, StringComparison.Ordinal);
        return exponent < 0
            ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : digits.Length <= exponent + 1
                ? $"{sign}{digits.PadRight(exponent + 1, '0')}"
                : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}
