using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pulumi.Wire.Loopback;

/// <summary>The kernel's list of this machine's TCP sockets, with the user that each belongs to (<c>/proc/net/tcp</c> and <c>tcp6</c>; proc(5)).</summary>
internal static class SocketTable
{
    private const string Established = "01";
    private const string Listening = "0A";

    // Columns: number, local, remote, state, queues, timer, retransmits, uid, timeout, inode.
    private const int Local = 1;
    private const int Remote = 2;
    private const int State = 3;
    private const int User = 7;
    private const int Inode = 9;

    private static readonly IPAddress[] Anywhere = [IPAddress.Any, IPAddress.IPv6Any];

    /// <summary>
    /// The user of the socket that is connected from one address to the other; null where there is none. A socket that its process has
    /// closed counts as none: it has no owner any more, and the kernel prints 0 for it, which is root.
    /// </summary>
    public static uint? OwnerOfConnection(IPEndPoint from, IPEndPoint to)
    {
        var (locals, remotes) = (Spellings(from), Spellings(to));
        return Rows().Where(row => row[State] == Established && row[Inode] != "0" && locals.Contains(row[Local]) && remotes.Contains(row[Remote]))
            .Select(row => (uint?)uint.Parse(row[User], CultureInfo.InvariantCulture))
            .FirstOrDefault();
    }

    /// <summary>The user whose process takes connections at an address; null where there is none.</summary>
    public static uint? OwnerOfListener(IPEndPoint at)
    {
        HashSet<string> locals = [.. Spellings(at), .. Anywhere.SelectMany(address => Spellings(new IPEndPoint(address, at.Port)))];
        return Rows().Where(row => row[State] == Listening && row[Inode] != "0" && locals.Contains(row[Local]))
            .Select(row => (uint?)uint.Parse(row[User], CultureInfo.InvariantCulture))
            .FirstOrDefault();
    }

    private static IEnumerable<string[]> Rows() =>
        ((string[])["/proc/net/tcp", "/proc/net/tcp6"])
            .Where(File.Exists)
            .SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(row => row.Length > Inode);

    /// <summary>An address as the tables print it. Sockets that can do both versions of IP, which .NET's and Node's are, stand in tcp6 with the mapped form.</summary>
    private static HashSet<string> Spellings(IPEndPoint point)
    {
        var address = point.Address.IsIPv4MappedToIPv6 ? point.Address.MapToIPv4() : point.Address;
        return address.AddressFamily == AddressFamily.InterNetwork
            ? [Spelling(address, point.Port), Spelling(address.MapToIPv6(), point.Port)]
            : [Spelling(address, point.Port)];
    }

    private static string Spelling(IPAddress address, int port)
    {
        // Words of 32 bits, each as a number of this machine's byte order.
        var words = MemoryMarshal.Cast<byte, uint>(address.GetAddressBytes());
        var text = string.Empty;
        foreach (var word in words)
        {
            text += word.ToString("X8", CultureInfo.InvariantCulture);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{text}:{port:X4}");
    }
}
