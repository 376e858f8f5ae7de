using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>Runs a script as a device would: a real sh, the same options, stdin from memory.</summary>
internal static class Sh
{
    public static Task<BufferedCommandResult> RunAsync(Shell script, byte[]? stdin = null, string? path = null, params string[] arguments) =>
        RunSourceAsync(script.Source, stdin, path, arguments);

    public static async Task<BufferedCommandResult> RunSourceAsync(string source, byte[]? stdin = null, string? path = null, params string[] arguments)
    {
        var input = stdin ?? [];
        return await Cli.Wrap("/bin/sh")
            .WithArguments(["-c", $"set -eu\numask 077\nLC_ALL=C; export LC_ALL\nstdin_bytes={input.Length}\n{source}", "sh", .. arguments])
            .WithEnvironmentVariables(variables => variables.Set("PATH", path ?? Environment.GetEnvironmentVariable("PATH")))
            .WithStandardInputPipe(PipeSource.FromBytes(input))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(Encoding.UTF8);
    }
}

/// <summary>A folder that stands for a device's root directory, gone after the test.</summary>
internal sealed class TemporaryRoot : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("provisioner-test-").FullName;

    public string Write(string path, byte[] content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var full = At(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
        File.SetUnixFileMode(full, mode);
        return full;
    }

    public string Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    /// <summary>A program of the device's: a shell script that its owner may run.</summary>
    public string Program(string path, string text) =>
        Write(path, Encoding.UTF8.GetBytes($"#!/bin/sh\n{text}\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    public string At(string path) => Path + path;

    /// <summary>Has mount and umount in /bin take a folder for a partition: to mount it is to have a link to it.</summary>
    public void MountsFolders()
    {
        Program("/bin/mount", "to=; for at in \"$@\"; do from=$to; to=$at; done; rmdir \"$to\"; ln -s \"$from\" \"$to\"");
        Program("/bin/umount", "[ -L \"$1\" ] || exit 1; rm -f \"$1\"; mkdir \"$1\"");
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
