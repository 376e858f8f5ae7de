using System.Globalization;
using System.Text;

namespace Provisioner.Provider.Remote;

/// <summary>A payload on its way into a script: the number of its bytes on a line of its own, then the bytes.</summary>
internal static class Stdin
{
    /// <exception cref="InvalidDataException">The payload has another length than it said.</exception>
    public static async Task WriteAsync(Payload payload, Stream target, Tally.Counts? counts, CancellationToken cancellation)
    {
        await target.WriteAsync(Encoding.ASCII.GetBytes(payload.Length.ToString(CultureInfo.InvariantCulture) + "\n"), cancellation);
        await using var source = payload.Open();
        var buffer = new byte[64 * 1024];
        long total = 0;
        while (await source.ReadAsync(buffer, cancellation) is var count and > 0)
        {
            await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
            total += count;
            counts?.Sent(count);
        }

        if (total != payload.Length)
        {
            throw new InvalidDataException($"A payload of {payload.Length} bytes has {total}.");
        }
    }
}
