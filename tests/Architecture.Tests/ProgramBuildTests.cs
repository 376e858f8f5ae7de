using System.Diagnostics;
using System.Text.Json;

namespace Architecture.Tests;

/// <summary>Programs below infra are people's own: what is an error in the product must not keep theirs from starting.</summary>
public sealed class ProgramBuildTests
{
    public static TheoryData<string> Programs() =>
        [.. Directory.EnumerateFiles(Path.Combine(ReferenceTests.Root, "infra"), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(ReferenceTests.Root, path))];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_is_built_without_analyzers_and_warnings_are_no_errors(string project)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["msbuild", project, "-nodeReuse:false", "-getProperty:RunAnalyzers", "-getProperty:EnforceCodeStyleInBuild", "-getProperty:TreatWarningsAsErrors", "-getProperty:TargetFramework"])
        {
            WorkingDirectory = ReferenceTests.Root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var told = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        var properties = JsonDocument.Parse(told).RootElement.GetProperty("Properties");
        properties.GetProperty("TargetFramework").GetString().ShouldBe("net10.0");
        properties.GetProperty("RunAnalyzers").GetString().ShouldBe("false");
        properties.GetProperty("EnforceCodeStyleInBuild").GetString().ShouldBe("false");
        properties.GetProperty("TreatWarningsAsErrors").GetString().ShouldBe("false");
    }
}
