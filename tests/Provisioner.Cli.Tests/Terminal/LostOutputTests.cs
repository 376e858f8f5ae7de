using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provisioner.Cli.Display;
using Provisioner.Cli.Terminal;
using Provisioner.Cli.Tests.Display;

namespace Provisioner.Cli.Tests.Terminal;

/// <summary>Whoever looks at a run goes away: the run does not notice.</summary>
public sealed class LostOutputTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_update_is_made_whole_whenever_its_output_is_lost(int survives)
    {
        using var world = await new TestWorld().WithProgramAsync("new Thing('lamp', { value: 'red' });");
        foreach (var isTerminal in (bool[])[true, false])
        {
            world.Prompts = isTerminal ? new ScriptedPrompts() : null;
            world.Through = output => new Lost(output, survives);

            var outcome = await world.RunAsync("up", "--yes", "--skip-preview");

            outcome.ExitCode.ShouldBe(isTerminal ? 0 : 1, outcome.Error);
            File.Exists(world.PathOf("things/lamp.json")).ShouldBeTrue();
            Directory.EnumerateFiles(world.PathOf(".pulumi/locks"), "*.json", SearchOption.AllDirectories).ShouldBeEmpty();
            world.Through = null;
            world.Prompts = null;
            (await world.RunAsync("destroy", "--yes", "--skip-preview")).ShouldSucceed();
        }
    }

    [Fact]
    public async Task A_live_display_draws_on_nothing_without_a_word()
    {
        var clock = new FakeTimeProvider();
        using var nothing = new StringWriter();
        using var lost = new Lost(nothing, 0);
        using var output = EnduringWriter.Of(lost);
        await using var display = new LiveDisplay(output, new LineWriter(output, ColorMode.Always), () => new TerminalSize(80, 25), clock, new DisplayOptions());

        var story = Stories.Tell("update-create");
        foreach (var (_, engineEvent) in story.Events)
        {
            display.Handle(engineEvent);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_display_that_does_not_know_its_terminal_s_size_any_more_still_shows_what_stays()
    {
        var clock = new FakeTimeProvider();
        using var output = new StringWriter { NewLine = "\n" };
        await using (var display = new LiveDisplay(output, new LineWriter(output, ColorMode.Never), () => throw new InvalidOperationException("no terminal"), clock, new DisplayOptions()))
        {
            foreach (var (_, engineEvent) in Stories.Tell("update-create").Events)
            {
                display.Handle(engineEvent);
                clock.Advance(TimeSpan.FromSeconds(1));
            }
        }

        output.ToString().ShouldContain("Resources:");
    }

    /// <summary>A double of a terminal whose window is closed after some writes.</summary>
    private sealed class Lost(TextWriter output, int survives) : TextWriter
    {
        private int _left = survives;

        public override Encoding Encoding => output.Encoding;

        public override void Write(char value) => Write([value], 0, 1);

        public override void Write(char[] buffer, int index, int count)
        {
            if (_left-- <= 0)
            {
                throw new IOException("Input/output error");
            }

            output.Write(buffer, index, count);
        }

        public override void Write(string? value) => Write((value ?? string.Empty).ToCharArray(), 0, value?.Length ?? 0);
    }
}
