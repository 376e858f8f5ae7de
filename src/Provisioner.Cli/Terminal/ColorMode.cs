namespace Provisioner.Cli.Terminal;

/// <summary>The values of <c>--color</c>; raw writes Pulumi's colour tags instead of escape sequences.</summary>
internal enum ColorMode
{
    Auto,
    Always,
    Never,
    Raw,
}

internal static class ColorModes
{
    /// <summary>What auto comes to: NO_COLOR, then CLICOLOR_FORCE, then whether a terminal reads it.</summary>
    public static ColorMode Resolve(ColorMode mode, bool outputIsTerminal, Func<string, string?> variable)
    {
        if (mode != ColorMode.Auto)
        {
            return mode;
        }

        if (!string.IsNullOrEmpty(variable("NO_COLOR")))
        {
            return ColorMode.Never;
        }

        var forced = variable("CLICOLOR_FORCE") is { Length: > 0 } force && force != "0";
        return forced || (outputIsTerminal && variable("TERM") != "dumb") ? ColorMode.Always : ColorMode.Never;
    }
}
