using Provisioner.CommandProvider.Local;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Commands;

/// <summary>The patterns of assetPaths and archivePaths.</summary>
public sealed class GlobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GlobTests()
    {
        foreach (var file in new[] { "a.txt", "b1.txt", "b2.txt", "src/index.js", "src/deep/secret.js", "odd[1].txt", ".hidden" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.WriteAllText(_folder[file], string.Empty);
        }

        Directory.CreateSymbolicLink(_folder["link"], _folder["src"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("*", ".hidden a.txt b1.txt b2.txt odd[1].txt")]
    [InlineData("**", ".hidden a.txt b1.txt b2.txt odd[1].txt src/deep/secret.js src/index.js")]
    [InlineData("src/**.js,!**secret.*", "src/index.js")]
    [InlineData("!a.txt,*.txt", "a.txt b1.txt b2.txt odd[1].txt")]
    [InlineData("?.txt", "a.txt")]
    [InlineData("b[12].txt", "b1.txt b2.txt")]
    [InlineData("b[0-1].txt", "b1.txt")]
    [InlineData("b[!1].txt", "b2.txt")]
    [InlineData("odd\\[1\\].txt", "odd[1].txt")]
    [InlineData("{a,b1}.txt", "a.txt b1.txt")]
    [InlineData("src", "")]
    public void Patterns_choose_files(string patterns, string files) =>
        string.Join(' ', Globs.Matches(_folder.Path, [.. patterns.StartsWith('{') ? [patterns] : patterns.Split(',')])).ShouldBe(files);

    [Theory]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[z-a]")]
    [InlineData("{a")]
    [InlineData("a\\")]
    public void What_cannot_be_followed_is_named(string pattern) => Globs.Problem([pattern]).ShouldNotBeNull().ShouldContain($"\"{pattern}\"");
}
