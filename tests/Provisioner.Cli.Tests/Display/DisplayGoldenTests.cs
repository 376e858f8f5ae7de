using Microsoft.Extensions.Time.Testing;
using Provisioner.Cli.Display;
using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Tests.Display;

public sealed class DisplayGoldenTests
{
    public static TheoryData<string> Names => [.. Stories.Names];

    [Theory, MemberData(nameof(Names))]
    public void Plain_lines_are_as_written_down(string story) =>
        Golden.ShouldBe(Plain(story, ColorMode.Never, new DisplayOptions()), story + ".plain.txt");

    [Theory, MemberData(nameof(Names))]
    public void Coloured_lines_are_the_plain_ones_with_escape_sequences(string story)
    {
        var coloured = Plain(story, ColorMode.Always, new DisplayOptions());

        coloured.ShouldContain("\e[");
        string.Join('\n', System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9;]*m", string.Empty).Split('\n').Select(line => line.TrimEnd()))
            .ShouldBe(Plain(story, ColorMode.Never, new DisplayOptions()));
    }

    [Theory, MemberData(nameof(Names))]
    public void With_diff_everything_about_a_step_is_told(string story) =>
        Golden.ShouldBe(Plain(story, ColorMode.Never, new DisplayOptions { Diff = true, Debug = true }), story + ".diff.txt");

    [Theory, MemberData(nameof(Names))]
    public void Json_is_one_document(string story)
    {
        var clock = new FakeTimeProvider();
        using var output = new StringWriter { NewLine = "\n" };
        var display = new JsonDisplay(output, clock, new DisplayOptions());
        Stories.Tell(story).TellTo(clock, display.Handle);

        Newtonsoft.Json.Linq.JObject.Parse(output.ToString());
        Golden.ShouldBe(output.ToString(), story + ".json");
    }

    [Fact]
    public void Raw_colours_are_Pulumis_tags() =>
        Golden.ShouldBe(Plain("preview-update", ColorMode.Raw, new DisplayOptions()), "preview-update.raw.txt");

    [Fact]
    public void Colours_stand_where_they_should() =>
        Golden.ShouldBe(Plain("preview-update", ColorMode.Always, new DisplayOptions()).Replace('\e', '␛'), "preview-update.color.txt");

    [Fact]
    public void A_narrow_terminal_wraps_values_below_their_start() =>
        Golden.ShouldBe(Plain("preview-long-values", ColorMode.Never, new DisplayOptions { Width = 60 }), "preview-long-values.narrow.txt");

    [Theory, MemberData(nameof(Names))]
    public void No_output_of_any_kind_holds_a_secret_or_an_escape_sequence(string story)
    {
        var everything = Plain(story, ColorMode.Never, new DisplayOptions { Diff = true, Debug = true, ShowSames = true });
        everything.ShouldNotContain(Stories.Password);
        everything.Where(character => char.IsControl(character) && character != '\n').ShouldBeEmpty();
    }

    [Fact]
    public void Secret_outputs_are_shown_when_asked_for() =>
        Plain("update-create", ColorMode.Never, new DisplayOptions { ShowSecretOutputs = true }).ShouldContain($"psk    : \"{Stories.Password}\"");

    private static string Plain(string story, ColorMode color, DisplayOptions options)
    {
        var clock = new FakeTimeProvider();
        using var output = new StringWriter { NewLine = "\n" };
        var display = new PlainDisplay(new LineWriter(output, color), clock, options);
        Stories.Tell(story).TellTo(clock, display.Handle);
        return output.ToString();
    }
}
