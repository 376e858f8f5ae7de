using System.IO.Pipelines;
using System.Security.Cryptography;
using CliWrap;
using CliWrap.Exceptions;
using Provisioner.Provider.Errors;
using ZstdSharp;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>
/// An image file as a stream of the card's bytes, decompressed on the way, with the SHA-256 of the file as it is read: once, so
/// that what was checked is what was written. zstd is decompressed here, quicker than any card and with nothing to install; xz
/// by the tool of that name, because it is five times quicker than the libraries for .NET that there are.
/// </summary>
internal sealed class ImageSource : IAsyncDisposable
{
    // A few kilobytes may be made to become any number of bytes. SDXC ends at two terabytes; images of systems are far from that.
    private const long Largest = 256L << 30;

    private static readonly string[] Endings = [".img", ".img.zst", ".img.xz"];

    private readonly HashedFile _file;
    private readonly Stream _content;
    private readonly Task? _tool;
    private readonly CancellationTokenSource _stop;
    private long _given;

    private ImageSource(HashedFile file, Stream content, Task? tool, CancellationTokenSource stop) => (_file, _content, _tool, _stop) = (file, content, tool, stop);

    /// <summary>How much of the file has been read, 0 to 1; null for something other than a file of known length.</summary>
    public double? Share => _file.Total > 0 ? Math.Min(1, _file.Done / (double)_file.Total) : null;

    /// <summary>Bytes of the card that it becomes; null when that is known only at the end, or for something other than a file of known length.</summary>
    public long? Length => ReferenceEquals(_content, _file) && _file.Total > 0 ? _file.Total : null;

    /// <summary>How many bytes of the card have been given.</summary>
    public long Given => _given;

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Problem(string path) => Endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        ? null
        : $"'{path}' ends with none of {string.Join(", ", Endings)}; give an image of a whole card";

    /// <summary>Opens an image.</summary>
    /// <exception cref="InputInvalidException">It is not there, or cannot be read.</exception>
    public static ImageSource Open(string path)
    {
        var stop = new CancellationTokenSource();
        HashedFile file;
        try
        {
            file = new HashedFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputInvalidException("The image cannot be read", failure) { Where = path, Why = failure.Message, Next = "make it first, or correct \"image\"" };
        }

        if (path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase))
        {
            return new ImageSource(file, new DecompressionStream(file), null, stop);
        }

        if (!path.EndsWith(".xz", StringComparison.OrdinalIgnoreCase))
        {
            return new ImageSource(file, file, null, stop);
        }

        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: AlignedBuffer.Size, resumeWriterThreshold: AlignedBuffer.Size / 2));
        return new ImageSource(file, pipe.Reader.AsStream(), DecompressAsync(file, pipe.Writer, path, stop.Token), stop);
    }

    /// <summary>Fills a buffer; less than full only at the end.</summary>
    /// <exception cref="InputInvalidException">It is damaged.</exception>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            var count = await _content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            _given += count;
            return _given <= Largest ? count : throw Damaged($"it becomes larger than {Largest >> 30} GiB, and no card is");
        }
        catch (Exception failure) when (failure is ZstdException or EndOfStreamException or InvalidDataException)
        {
            throw Damaged(failure.Message);
        }
    }

    /// <summary>The SHA-256 of the whole file, once all of its content has been read.</summary>
    public async Task<string> DigestAsync(CancellationToken cancellation)
    {
        if (_tool is not null)
        {
            await _tool.WaitAsync(cancellation);
        }

        return await _file.DigestAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _content.DisposeAsync();
        if (_tool is not null)
        {
            await _tool.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await _file.DisposeAsync();
        _stop.Dispose();
    }

    private static async Task DecompressAsync(HashedFile file, PipeWriter writer, string path, CancellationToken cancellation)
    {
        Exception? failure = null;
        var errors = new System.Text.StringBuilder();
        try
        {
            var result = await Cli.Wrap("xz")
                .WithArguments(["-dc", "-T0", "--memlimit-decompress=1GiB"])
                .WithValidation(CommandResultValidation.None)
                .WithStandardInputPipe(PipeSource.FromStream(file))
                .WithStandardOutputPipe(PipeTarget.ToStream(writer.AsStream(leaveOpen: true)))
                .WithStandardErrorPipe(PipeTarget.ToStringBuilder(errors))
                .ExecuteAsync(cancellation);
            failure = result.ExitCode == 0 ? null : Damaged(errors.ToString().Trim());
        }
        catch (Exception exception) when (exception is CliWrapException or System.ComponentModel.Win32Exception)
        {
            failure = new NotSupportedHereException("An image ending with .xz is decompressed by the program xz, and that is not here")
            {
                Where = path,
                Why = exception.Message,
                Next = "install it (apt install xz-utils, brew install xz), or decompress the image yourself",
            };
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            failure = exception;
        }

        await writer.CompleteAsync(failure);
    }

    private static InputInvalidException Damaged(string why) => new("The image is damaged, or is not what its name says") { Why = why, Next = "make it anew, or download it again" };
}
