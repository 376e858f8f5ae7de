using System.Runtime.CompilerServices;

namespace Provisioner.Cli.Tests;

/// <summary>Compares text with a file beside the tests. With GOLDEN=write in the environment it writes the file instead, for review with git diff.</summary>
internal static class Golden
{
    public static void ShouldBe(string actual, string name, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        File.Exists(path).ShouldBeTrue($"{path} is missing");
        actual.ShouldBe(File.ReadAllText(path));
    }
}
