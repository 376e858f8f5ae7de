using System.Text;
using CliWrap;
using CliWrap.Exceptions;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Flakes;

/// <summary>The git tool in one folder, for reading. Nothing that the repository itself could name is run.</summary>
/// <param name="folder">An absolute path.</param>
internal sealed class Git(string folder)
{
    private const int ErrorLimit = 2048;

    /// <summary>The work tree's top; null when the folder is in no repository.</summary>
    public async Task<string?> TopAsync(CancellationToken cancellation)
    {
        var output = new StringBuilder();
        var error = new StringBuilder();
        var result = await RunAsync(["rev-parse", "--show-toplevel"], PipeSource.Null, PipeTarget.ToStringBuilder(output), error, cancellation);
        if (result == 0)
        {
            return output.ToString().TrimEnd('\n');
        }

        // Every other refusal (dubious ownership, a damaged repository) must not look like "no history, so no secret in it".
        return error.ToString().Contains("not a git repository", StringComparison.OrdinalIgnoreCase) ? null : throw Failed(error.ToString());
    }

    /// <summary>Items that git ends with a NUL or a line end, as they come.</summary>
    public async Task<IReadOnlyList<string>> ItemsAsync(char end, CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        var output = new StringBuilder();
        await ReadAsync(arguments, PipeSource.Null, PipeTarget.ToStringBuilder(output), cancellation);
        return output.ToString().Split(end, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs git to its good end.</summary>
    /// <exception cref="GitFailedException">It refused; its own words are the reason.</exception>
    public async Task ReadAsync(IReadOnlyList<string> arguments, PipeSource input, PipeTarget output, CancellationToken cancellation)
    {
        var error = new StringBuilder();
        if (await RunAsync(arguments, input, output, error, cancellation) != 0)
        {
            throw Failed(error.ToString());
        }
    }

    private async Task<int> RunAsync(IReadOnlyList<string> arguments, PipeSource input, PipeTarget output, StringBuilder error, CancellationToken cancellation)
    {
        try
        {
            var result = await Cli.Wrap("git")
                .WithArguments(["-C", folder, "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", .. arguments])
                .WithEnvironmentVariables(variables => variables.Set("GIT_OPTIONAL_LOCKS", "0").Set("LC_ALL", "C"))
                .WithValidation(CommandResultValidation.None)
                .WithStandardInputPipe(input)
                .WithStandardOutputPipe(output)
                .WithStandardErrorPipe(PipeTarget.ToDelegate(line => _ = error.Length < ErrorLimit ? error.AppendLine(line) : error))
                .ExecuteAsync(cancellation);
            return result.ExitCode;
        }
        catch (Exception missing) when (missing is CliWrapException or System.ComponentModel.Win32Exception)
        {
            throw new GitFailedException("git could not be started", missing) { Where = folder, Why = missing.Message, Next = "install git" };
        }
    }

    private GitFailedException Failed(string error) => new("git could not tell what is in the flake's folder")
    {
        Where = folder,
        Why = error.Trim(),
        Next = "do what git says, and run the preview again: a flake whose history cannot be searched is not built",
    };
}

/// <summary>git could not be run, or refused.</summary>
public sealed class GitFailedException(string what, Exception? inner = null)
    : ProviderException("git.failed", Grpc.Core.StatusCode.FailedPrecondition, what, inner);
