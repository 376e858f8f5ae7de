namespace Provisioner.Provider.Cards.Writing;

/// <summary>
/// What a card is written to: a disk or a file. Positions, lengths and buffers are multiples of <see cref="CardLayout.Block"/>,
/// and buffers lie at such addresses, so that a disk can be reached without a cache in between.
/// </summary>
internal interface IMedium : IDisposable
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>Bytes; null for a file, which grows.</summary>
    long? Capacity { get; }

    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Makes a stretch read as zeros, faster than by writing them where that is safe.</summary>
    void WriteZeros(AlignedBuffer zeros, long offset, int length);

    /// <summary>Fills the buffer as far as there is something.</summary>
    int Read(Span<byte> bytes, long offset);

    /// <summary>Whatever held more than a card that has just been begun goes: behind the first block, a file ends.</summary>
    void Clear();

    /// <summary>Gives it its length.</summary>
    void Finish(long length);

    /// <summary>Returns when all that was written is on the medium itself.</summary>
    void Flush();
}
