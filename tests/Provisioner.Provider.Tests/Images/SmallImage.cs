using CliWrap;
using CliWrap.Buffered;

namespace Provisioner.Provider.Tests.Images;

/// <summary>A small image of the layout of NixOS's, made by Standin/make-image: a double that boots nothing.</summary>
internal static class SmallImage
{
    public static string Script { get; } = Path.Combine(AppContext.BaseDirectory, "Images", "Standin", "make-image");

    /// <summary>Makes one.</summary>
    /// <param name="path">Where.</param>
    /// <param name="without">What is left out or spoilt, as the script names it.</param>
    public static async Task MakeAsync(string path, params string[] without)
    {
        var result = await Cli.Wrap("sh").WithArguments([Script, path, .. without]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        result.ExitCode.ShouldBe(0, result.StandardError);
    }
}
