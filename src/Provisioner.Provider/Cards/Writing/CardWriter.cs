using System.Threading.Channels;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>
/// Writes cards. The first block is written last, over a mark that says that the card is not done: whenever this is ended, by a
/// cancellation, kill -9 or a cut cable, the card does not boot, and the next run knows that it was ours to write.
/// </summary>
/// <param name="medium">What is written to.</param>
/// <param name="progress">Told now and then.</param>
internal sealed class CardWriter(IMedium medium, Action<CardMoment> progress)
{
    private const int Phases = 3;
    private const int Buffers = 4;

    /// <summary>Writes image and identity, reads all of it back, and compares.</summary>
    /// <param name="image">The image.</param>
    /// <param name="sha256">What the image file must have.</param>
    /// <param name="archive">The identity card's archive.</param>
    /// <param name="cancellation">Ends it; the card then does not boot.</param>
    /// <exception cref="ProviderException">The image is not as it should be, or the card does not keep what it is given.</exception>
    public async Task<WrittenCard> WriteAsync(ImageSource image, string sha256, byte[] archive, CancellationToken cancellation)
    {
        var first = new AlignedBuffer();
        first.Used = await image.ReadAsync(first.Memory, cancellation);
        if (BootRecord.Problem(first.Span) is { } problem)
        {
            throw new InputInvalidException("The image cannot become a card") { Why = problem };
        }

        // Known beforehand of one that is not compressed: the card is then left as it is.
        if (image.Length is { } whole && BootRecord.CutOff(first.Span, whole) is { } missing)
        {
            throw new InputInvalidException("The image is not whole") { Why = missing, Next = "make the image anew, or download it again; the card was not touched" };
        }

        BootRecord.AddIdentity(first.Span);
        var head = new AlignedBuffer(CardLayout.Block);
        first.Span[..CardLayout.Block].CopyTo(head.Span);

        // From here on the card is ours, and is nothing.
        WriteFirstBlock(BootRecord.Unfinished());
        medium.Clear();
        var (length, hash) = await CopyAsync(image, first, cancellation);
        if (await image.DigestAsync(cancellation) is var digest && digest != sha256)
        {
            throw new InputInvalidException("The image is not the one that was meant: the card was not finished, and does not boot")
            {
                Why = $"its SHA-256 is {digest}, and imageSha256 says {sha256}",
                Next = "download or make the image anew, or correct imageSha256",
            };
        }

        if (BootRecord.CutOff(head.Span, image.Given) is { } cut)
        {
            throw new InputInvalidException("The image is not whole: the card was not finished, and does not boot")
            {
                Why = cut,
                Next = "make the image anew, or download it again",
            };
        }

        WriteIdentity(archive, new CardStamp(sha256, length));
        medium.Finish(length);
        progress(new CardMoment("waiting for the card to take it all", 2, Phases, length, null));
        medium.Flush();
        Verify(length, hash, head.Span, archive, cancellation);
        WriteFirstBlock(head.Span);
        RequireFirstBlock(head.Span);
        return new WrittenCard(length, hash);
    }

    /// <summary>Changes the identity card alone. Meanwhile the card does not boot.</summary>
    public void ChangeIdentity(byte[] archive, CardStamp stamp)
    {
        var head = new AlignedBuffer(CardLayout.Block);
        medium.Read(head.Span, 0);
        WriteFirstBlock(BootRecord.Suspend(head.Span));
        WriteIdentity(archive, stamp);
        medium.Flush();
        RequireIdentity(archive);
        WriteFirstBlock(BootRecord.Resume(head.Span));
        RequireFirstBlock(BootRecord.Resume(head.Span));
    }

    /// <summary>One reads and decompresses, one writes: neither waits for the other for longer than a few buffers.</summary>
    private async Task<(long Length, string Hash)> CopyAsync(ImageSource image, AlignedBuffer first, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var free = Channel.CreateUnbounded<AlignedBuffer>();
        var full = Channel.CreateUnbounded<AlignedBuffer>();
        for (var index = 1; index < Buffers; index++)
        {
            free.Writer.TryWrite(new AlignedBuffer());
        }

        full.Writer.TryWrite(first);
        var reading = Task.Run(() => ReadAsync(image, free.Reader, full.Writer, stop.Token), stop.Token);
        try
        {
            return await Task.Run(() => WriteAllAsync(image, full.Reader, free.Writer, stop.Token), stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAny(reading);
        }
    }

    private static async Task ReadAsync(ImageSource image, ChannelReader<AlignedBuffer> free, ChannelWriter<AlignedBuffer> full, CancellationToken cancellation)
    {
        try
        {
            await foreach (var buffer in free.ReadAllAsync(cancellation))
            {
                buffer.Used = await image.ReadAsync(buffer.Memory, cancellation);
                if (buffer.Used > 0)
                {
                    full.TryWrite(buffer);
                }

                if (buffer.Used < buffer.Length)
                {
                    break;
                }
            }

            full.TryComplete();
        }
        catch (Exception failure)
        {
            // The writer meets it in its turn.
            full.TryComplete(failure);
        }
    }

    private async Task<(long Length, string Hash)> WriteAllAsync(ImageSource image, ChannelReader<AlignedBuffer> full, ChannelWriter<AlignedBuffer> free, CancellationToken cancellation)
    {
        var hash = new ContentHash();
        var zeros = new AlignedBuffer();
        long offset = 0;
        await foreach (var buffer in full.ReadAllAsync(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            var length = (buffer.Used + CardLayout.Block - 1) / CardLayout.Block * CardLayout.Block;
            buffer.Span[buffer.Used..length].Clear();
            RequireRoom(offset + length);
            hash.Add(buffer.Span[..length], offset);
            WriteChunk(buffer.Span[..length], zeros, offset);
            offset += length;
            progress(new CardMoment("writing", 1, Phases, offset, image.Share));
            free.TryWrite(buffer);
        }

        return (offset, hash.ToString());
    }

    /// <summary>All but the first block of the card.</summary>
    private void WriteChunk(ReadOnlySpan<byte> chunk, AlignedBuffer zeros, long offset)
    {
        var skip = offset == 0 ? CardLayout.Block : 0;
        var rest = chunk[skip..];
        if (rest.ContainsAnyExcept((byte)0))
        {
            medium.Write(rest, offset + skip);
        }
        else
        {
            medium.WriteZeros(zeros, offset + skip, rest.Length);
        }
    }

    private void WriteIdentity(byte[] archive, CardStamp stamp)
    {
        var identity = new AlignedBuffer(CardLayout.IdentityLength);
        archive.CopyTo(identity.Span);
        stamp.Write().CopyTo(identity.Span[CardLayout.ArchiveLength..]);
        medium.Write(identity.Span, CardLayout.IdentityOffset);
        identity.Span.Clear();
    }

    private void WriteFirstBlock(ReadOnlySpan<byte> block)
    {
        var head = new AlignedBuffer(CardLayout.Block);
        block.CopyTo(head.Span);
        medium.Write(head.Span, 0);
        medium.Flush();
    }

    private void Verify(long length, string hash, ReadOnlySpan<byte> head, byte[] archive, CancellationToken cancellation)
    {
        var found = new ContentHash();
        var buffer = new AlignedBuffer();
        for (long offset = 0; offset < length; offset += buffer.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            var wanted = (int)Math.Min(buffer.Length, length - offset);
            if (medium.Read(buffer.Span[..wanted], offset) < wanted)
            {
                throw Lost();
            }

            if (offset == 0)
            {
                // Where the mark stands now, the table will.
                head.CopyTo(buffer.Span);
            }

            found.Add(buffer.Span[..wanted], offset);
            progress(new CardMoment("reading it back", 3, Phases, offset + wanted, (offset + wanted) / (double)length));
        }

        if (found.ToString() != hash)
        {
            throw Lost();
        }

        RequireIdentity(archive);
    }

    private void RequireIdentity(byte[] archive)
    {
        var identity = new AlignedBuffer(CardLayout.ArchiveLength);
        if (medium.Read(identity.Span, CardLayout.IdentityOffset) < identity.Length || !identity.Span.SequenceEqual(archive))
        {
            throw Lost();
        }

        identity.Span.Clear();
    }

    private void RequireFirstBlock(ReadOnlySpan<byte> block)
    {
        var found = new AlignedBuffer(CardLayout.Block);
        if (medium.Read(found.Span, 0) < found.Length || !found.Span.SequenceEqual(block))
        {
            throw Lost();
        }
    }

    private void RequireRoom(long length)
    {
        if (medium.Capacity is { } capacity && length > capacity)
        {
            throw new InputInvalidException("The image does not fit onto the card: it was not finished, and does not boot")
            {
                Where = medium.Name,
                Why = $"the card has {capacity} bytes, and the image has more",
                Next = "take a larger card",
            };
        }
    }

    private CardDamagedException Lost() => new("The card does not give back what was written to it: it was not finished, and does not boot")
    {
        Where = medium.Name,
        Why = "the card or its reader is worn, or the card is smaller than it says",
        Next = "take another card",
    };
}
