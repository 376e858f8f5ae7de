using Microsoft.Extensions.Time.Testing;
using Provisioner.Cli.Display;
using Provisioner.Cli.Terminal;
using Provisioner.Cli.Tests.Terminal;

namespace Provisioner.Cli.Tests.Display;

public sealed class LiveDisplayTests
{
    public static TheoryData<string> Names => [.. Stories.Names];

    [Theory, MemberData(nameof(Names))]
    public async Task What_stays_on_the_terminal_is_what_a_file_would_have_got(string story)
    {
        using var output = new StringWriter { NewLine = "\n" };
        await ShowAsync(story, output, new TerminalSize(160, 40));

        var screen = new Screen(160).Show(output.ToString());

        screen.Text.ShouldBe(Kept(story));
        screen.CursorIsVisible.ShouldBeTrue();
        output.ToString().ShouldContain("\e[?25l");
    }

    [Theory]
    [InlineData(100, 40)]
    [InlineData(50, 40)]
    [InlineData(100, 6)]
    public void A_frame_fits_the_terminal(int width, int height)
    {
        var clock = new FakeTimeProvider();
        var model = new RunModel(clock, debug: false);
        var start = clock.GetUtcNow();
        foreach (var (at, engineEvent) in Stories.Tell("update-create").Events.TakeWhile(entry => entry.At < TimeSpan.FromSeconds(12)))
        {
            clock.SetUtcNow(start + at);
            model.Apply(engineEvent);
        }

        clock.Advance(TimeSpan.FromSeconds(4));
        var frame = LiveFrame.Of(model, new TerminalSize(width, height), TimeSpan.FromSeconds(4.5), cancelling: false);

        frame.Count.ShouldBeLessThan(height);
        Golden.ShouldBe(string.Join('\n', frame.Select(line => Cells.Crop(line, width - 1).Text.TrimEnd())) + "\n", $"frame.{width}x{height}.txt");
    }

    [Fact]
    public void A_low_terminal_shows_what_goes_on_and_counts_the_rest()
    {
        var story = new Story(Provisioner.Engine.Deployments.DeploymentKind.Update, preview: false);
        foreach (var number in Enumerable.Range(1, 20))
        {
            var step = Story.Step(Provisioner.Engine.Deployments.StepOperation.Create, null, Story.Resource("Disk", $"disk{number}", Story.Map()));
            story = number == 20 ? story.Begin(step) : story.Whole(step);
        }

        var clock = new FakeTimeProvider();
        var model = new RunModel(clock, debug: false);
        story.TellTo(clock, model.Apply);

        var frame = LiveFrame.Of(model, new TerminalSize(80, 10), TimeSpan.FromSeconds(1), cancelling: true).Select(line => line.Text).ToList();

        frame.Count.ShouldBeLessThan(10);
        frame.ShouldContain(line => line.Contains("disk20"));
        frame.ShouldContain(line => line.Contains("… 14 more"));
        frame[^1].ShouldContain("press Ctrl-C again");
    }

    [Fact]
    public void A_terminal_that_became_narrower_is_cleaned_of_what_it_wrapped()
    {
        using var output = new StringWriter();
        var size = new TerminalSize(80, 24);
        var region = new LiveRegion(output, new LineWriter(output, ColorMode.Never), () => size);
        region.Draw([new string('a', 70), "b"]);
        size = new TerminalSize(40, 24);
        output.GetStringBuilder().Clear();

        region.Close();

        // Two rows of a, one of b.
        output.ToString().ShouldBe("\r\e[3A\e[J\e[?25h");
    }

    [Fact]
    public async Task A_run_that_dies_without_an_end_leaves_no_garbage()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var clock = new FakeTimeProvider();
        await using (var display = Display(output, clock, new TerminalSize(120, 30)))
        {
            foreach (var (_, engineEvent) in Stories.Tell("update-create").Events.Take(6))
            {
                display.Handle(engineEvent);
                clock.Advance(TimeSpan.FromSeconds(1));
            }
        }

        var screen = new Screen(120).Show(output.ToString());
        screen.Text.ShouldBe("Updating (dev):\n");
        screen.CursorIsVisible.ShouldBeTrue();
    }

    private static async Task ShowAsync(string story, StringWriter output, TerminalSize size)
    {
        var clock = new FakeTimeProvider();
        await using var display = Display(output, clock, size);
        var start = clock.GetUtcNow();
        foreach (var (at, engineEvent) in Stories.Tell(story).Events)
        {
            clock.SetUtcNow(start + at);
            display.Handle(engineEvent);

            // The first frame is drawn after a beat.
            clock.Advance(TimeSpan.FromMilliseconds(100));
            start += TimeSpan.FromMilliseconds(100);
        }
    }

    private static LiveDisplay Display(StringWriter output, FakeTimeProvider clock, TerminalSize size) =>
        new(output, new LineWriter(output, ColorMode.Always), () => size, clock, new DisplayOptions());

    /// <summary>The lines of the same story that are not mere progress.</summary>
    private static string Kept(string story)
    {
        var clock = new FakeTimeProvider();
        var model = new RunModel(clock, debug: false);
        var transcript = new Transcript(model, new DisplayOptions(), progress: false);
        using var output = new StringWriter { NewLine = "\n" };
        var writer = new LineWriter(output, ColorMode.Never);
        var start = clock.GetUtcNow();
        foreach (var (at, engineEvent) in Stories.Tell(story).Events)
        {
            clock.SetUtcNow(start + at);
            model.Apply(engineEvent);
            writer.Write(transcript.After(engineEvent));
            clock.Advance(TimeSpan.FromMilliseconds(100));
            start += TimeSpan.FromMilliseconds(100);
        }

        return output.ToString().TrimEnd('\n') + "\n";
    }
}
