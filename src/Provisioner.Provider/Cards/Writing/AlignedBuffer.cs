using System.Runtime.InteropServices;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>Bytes at an address that direct access to a disk can take.</summary>
internal sealed class AlignedBuffer
{
    public const int Size = 4 * 1024 * 1024;

    private readonly byte[] _bytes;
    private readonly int _start;

    public AlignedBuffer(int size = Size)
    {
        // Pinned for good: its address is what matters.
        _bytes = GC.AllocateArray<byte>(size + CardLayout.Block, pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);
        _start = (int)((CardLayout.Block - (address % CardLayout.Block)) % CardLayout.Block);
        Length = size;
    }

    public int Length { get; }

    /// <summary>How many of its bytes hold something.</summary>
    public int Used { get; set; }

    public Memory<byte> Memory => _bytes.AsMemory(_start, Length);

    public Span<byte> Span => _bytes.AsSpan(_start, Length);
}
