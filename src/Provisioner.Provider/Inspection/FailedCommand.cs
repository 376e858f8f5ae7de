namespace Provisioner.Provider.Inspection;

/// <summary>A command of the inspection that did not end well, in words.</summary>
internal static class FailedCommand
{
    /// <param name="command">What was run.</param>
    /// <param name="code">Its exit code.</param>
    /// <param name="seconds">After how long timeout ends it.</param>
    public static string Words(string command, string code, int seconds) => code switch
    {
        // timeout's own, or that of the signal it sends, which some of its kinds give instead.
        "124" or "137" or "143" => $"{command} did not end within {seconds} s",
        "127" => $"{command} is not on the device",
        _ => $"{command} failed (exit code {code})",
    };
}
