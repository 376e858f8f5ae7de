using System.CommandLine;
using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Commands;

/// <summary>The flags that every command knows.</summary>
internal sealed class GlobalOptions
{
    private static readonly string[] Modes = [.. Enum.GetNames<ColorMode>().Select(name => name.ToLowerInvariant())];

    private readonly Option<string> _color = new("--color")
    {
        Description = "Colorize output",
        HelpName = string.Join('|', Modes),
        Recursive = true,
        DefaultValueFactory = _ => Modes[0],
    };

    public Option<string> Cwd { get; } = new("--cwd", "-C")
    {
        Description = "Run as if it had been started in another folder",
        HelpName = "folder",
        Recursive = true,
    };

    public Option<bool> NonInteractive { get; } = new("--non-interactive")
    {
        Description = "Ask nothing and draw nothing in place, also on a terminal",
        Recursive = true,
    };

    public Option<int> Verbose { get; } = new("--verbose", "-v")
    {
        Description = "Tell more: debug messages, counters of dials and commands; a level from 1 to 9 may follow as in -v=3",
        HelpName = "level",
        Recursive = true,
    };

    public Option<string> ConfigFile { get; } = new("--config-file")
    {
        Description = "Use the stack's configuration in this file instead of Pulumi.STACK.yaml",
        HelpName = "file",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Add(ConfigFile);
        _color.AcceptOnlyFromAmong(Modes);
        root.Add(_color);
        root.Add(Cwd);
        root.Add(NonInteractive);
        root.Add(Verbose);
    }

    /// <summary>The colours asked for; auto where what is asked for is no mode.</summary>
    public ColorMode Color(ParseResult parsed) =>
        parsed.GetResult(_color) is { Errors: var errors } && errors.Any() ? ColorMode.Auto : Enum.Parse<ColorMode>(parsed.GetValue(_color) ?? Modes[0], ignoreCase: true);

    /// <summary>Gives a bare <c>-v</c> or <c>--verbose</c> its level, which the parser wants: the next word is none unless it is a number.</summary>
    public static IReadOnlyList<string> Normalise(IReadOnlyList<string> arguments)
    {
        var result = new List<string>(arguments.Count);
        for (var index = 0; index < arguments.Count; index++)
        {
            if (arguments[index] == "--")
            {
                result.AddRange(arguments.Skip(index));
                break;
            }

            var bare = arguments[index] is "-v" or "--verbose"
                && (index + 1 == arguments.Count || arguments[index + 1] is not [>= '0' and <= '9']);
            result.Add(bare ? "--verbose=1" : arguments[index]);
        }

        return result;
    }
}
