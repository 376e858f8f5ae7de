using System.Text;
using CliWrap;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>The one quoting function, against the shell itself.</summary>
public sealed class QuotingTests
{
    [Property(MaxTest = 30)]
    public async Task Any_texts_come_back_from_the_shell_byte_for_byte(NonNull<string>[] given)
    {
        string[] values = [.. given.Select(value => value.Get).Where(ShellQuoting.CanQuote)];

        (await ThroughShellAsync(values)).ShouldBe(values);
    }

    [Fact]
    public async Task Random_texts_of_nasty_characters_come_back_byte_for_byte()
    {
        const string nasty = "'\"\\$`!*?[]{}()<>|&;#~=%^ \t\n\r-/.,:+@_aZ09\u0001\u001b\u007f\u00e9\u20ac";
        var random = new Random(20);
        string[] values = [.. Enumerable.Range(0, 2000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => nasty[random.Next(nasty.Length)])))];

        foreach (var chunk in values.Chunk(500))
        {
            (await ThroughShellAsync(chunk)).ShouldBe(chunk);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-n")]
    [InlineData("if")]
    [InlineData("2")]
    [InlineData("a=b")]
    [InlineData("~/x")]
    [InlineData("a\nb")]
    [InlineData("lamp 😀")]
    [InlineData("/etc/NetworkManager/system-connections/x.nmconnection")]
    public async Task A_word_stays_one_word_and_plain(string value) => (await ThroughShellAsync([value])).ShouldBe([value]);

    [Fact]
    public void Only_a_plain_path_is_left_without_quotes()
    {
        ShellQuoting.Quote("/etc/hosts").ShouldBe("/etc/hosts");
        ShellQuoting.Quote("hosts").ShouldBe("'hosts'");
        ShellQuoting.Quote("a=/b").ShouldBe("'a=/b'");
        ShellQuoting.Quote("/a b").ShouldBe("'/a b'");
        ShellQuoting.Quote("it's").ShouldBe("'it'\\''s'");
    }

    [Fact]
    public void What_no_argument_can_hold_is_refused()
    {
        foreach (var value in new[] { "a\0b", "\ud83d", "\ude00\ud83d", "x\ud83dy" })
        {
            Should.Throw<ArgumentException>(() => ShellQuoting.Quote(value));
        }
    }

    [Fact]
    public void Every_hole_becomes_quoted_words_and_a_piece_of_shell_stays_as_it_is()
    {
        var words = System.Collections.Immutable.ImmutableArray.Create("a b", "c");
        var name = "x; rm";

        Shell.Of($"printf %s {words} {name} {7} {Shell.Of($"| cat")}").Source.ShouldBe("printf %s 'a b' 'c' 'x; rm' 7 | cat");
    }

    [Fact]
    public void A_hole_that_quoting_cannot_protect_is_refused()
    {
        var value = "x";

        Refuses(() => Shell.Of($"echo '{value}'"));
        Refuses(() => Shell.Of($"echo \"{value}\""));
        Refuses(() => Shell.Of($"echo \"$(cat {value})\""));
        Refuses(() => Shell.Of($"echo `cat {value}`"));
        Refuses(() => Shell.Of($"cat <<END\n{value}\nEND"));
        Refuses(() => Shell.Of($"echo # {value}"));
        Refuses(() => Shell.Of($"echo ${value}"));
        Refuses(() => Shell.Of($"echo \\{value}"));
        Refuses(() => Shell.Of($"echo '"));
        Shell.Of($"x=$(cat {value}) # it's fine\n echo \"$x\" $$ {value}").Source.ShouldEndWith("$$ 'x'");
    }

    [Fact]
    public void Whatever_is_whole_before_a_hole_leaves_room_for_it()
    {
        var value = "x";

        Shell.Of($"''{value} \"\"{value} ``{value}").Source.ShouldBe("'''x' \"\"'x' ``'x'");
        Shell.Of($"echo $${value} <{value} it\\'s {value}").Source.ShouldBe("echo $$'x' <'x' it\\'s 'x'");
        Shell.Of($"echo \"a\\\"b\" {value} `echo \\`b` {value} # \\").Source.ShouldBe("echo \"a\\\"b\" 'x' `echo \\`b` 'x' # \\");
        Refuses(() => Shell.Of($"echo $$${value}"));
    }

    [Fact]
    public void A_refused_hole_is_told_with_what_it_stands_in_and_the_text_before_it()
    {
        var value = "x";

        Should.Throw<InvalidOperationException>(() => Shell.Of($"echo '{value}'")).Message.ShouldBe("A script has a value where quoting cannot protect it (SingleQuotes): …echo '");
        Should.Throw<InvalidOperationException>(() => Shell.Of($"echo {new string('y', 100)} \\{value}")).Message.ShouldBe($"A script has a value where quoting cannot protect it (Open, escaped): …{new string('y', 57)}' \\");
        Should.Throw<InvalidOperationException>(() => Shell.Of($"echo \\")).Message.ShouldStartWith("A script has an end where quoting cannot protect it (Open, escaped)");
    }

    private static void Refuses(Func<Shell> script) => Should.Throw<InvalidOperationException>(() => _ = script());

    private static async Task<string[]> ThroughShellAsync(string[] values)
    {
        // printf prints its format once even without values.
        var script = values.Length == 0 ? ":" : $"printf '%s\\0' {string.Join(' ', values.Select(ShellQuoting.Quote))}";
        using var output = new MemoryStream();
        await Cli.Wrap("sh").WithStandardInputPipe(PipeSource.FromString(script, new UTF8Encoding(false))).WithStandardOutputPipe(PipeTarget.ToStream(output)).ExecuteAsync();
        return Encoding.UTF8.GetString(output.ToArray()).Split('\0')[..^1];
    }
}
