using System.Globalization;

namespace Provisioner.Provider.Inspection;

/// <summary>A part of a device's answer is not what the command there prints. Whatever it says, nothing is concluded from it.</summary>
internal sealed class UnreadableAnswerException : FormatException
{
    /// <param name="part">What was asked, such as "zpool status".</param>
    /// <param name="line">Where in its answer, from 1.</param>
    /// <param name="what">What stands there, as a clause.</param>
    public UnreadableAnswerException(string part, int line, string what)
        : base(string.Create(CultureInfo.InvariantCulture, $"line {line} of what {part} says is not readable: {what}"))
    {
    }

    public UnreadableAnswerException(string part, string what)
        : base($"what {part} says is not readable: {what}")
    {
    }
}
