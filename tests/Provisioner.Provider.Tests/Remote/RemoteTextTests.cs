using System.Text;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

public sealed class RemoteTextTests
{
    [Theory]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("over\rwritten\b\u0000", "overwritten")]
    [InlineData("line\n\ttab", "line\n\ttab")]
    [InlineData("a\u202eb", "ab")]
    [InlineData("\u009b31mx", "31mx")]
    public void Terminal_sequences_and_control_characters_are_removed(string text, string expected) => RemoteText.Clean(text).ShouldBe(expected);

    [Fact]
    public void Of_much_output_the_last_lines_are_kept() =>
        RemoteText.Tail(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(1, 100)))).Split('\n').ShouldBe(Enumerable.Range(81, 20).Select(number => $"{number}"));
}
