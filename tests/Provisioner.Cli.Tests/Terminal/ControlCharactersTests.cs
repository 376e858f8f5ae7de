using FsCheck.Xunit;
using Provisioner.Cli.Display;
using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Tests.Terminal;

public sealed class ControlCharactersTests
{
    [Property]
    public void No_text_reaches_a_terminal_with_anything_that_acts_on_it(string? text)
    {
        var neutral = ControlCharacters.Neutralise(text ?? string.Empty);

        neutral.EnumerateRunes().ShouldAllBe(rune => !ControlCharacters.IsActive(rune));
    }

    [Property]
    public void Plain_text_stays_as_it_is(ushort number)
    {
        var text = string.Concat(Enumerable.Range(0, 40).Select(index => (char)(' ' + ((number + index) % ('~' - ' ')))));

        ControlCharacters.Neutralise(text).ShouldBe(text);
    }

    [Property]
    public void A_quoted_value_is_one_line_without_control_characters(string? text) =>
        ValueText.Quote(text ?? string.Empty).EnumerateRunes().ShouldAllBe(rune => !ControlCharacters.IsActive(rune));

    [Theory]
    [InlineData("a\tb", "a    b")]
    [InlineData("\e[2J", "\\u001b[2J")]
    [InlineData("\u009b2J", "\\u009b2J")]
    [InlineData("\u202Eabc", "\\u202eabc")]
    [InlineData("Lämpchen 🔦", "Lämpchen 🔦")]
    public void What_acts_is_shown_as_an_escape(string text, string shown) => ControlCharacters.Neutralise(text).ShouldBe(shown);

    [Property]
    public void A_cropped_line_is_never_wider_than_asked(string? text, byte width)
    {
        var line = Cells.Crop(new StyledLine(new Piece(text ?? string.Empty)), width);

        line.Width.ShouldBeLessThanOrEqualTo(width);
    }
}
