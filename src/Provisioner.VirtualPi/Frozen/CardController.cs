using System.Globalization;
using System.Text.Json.Nodes;
using Provisioner.VirtualPi.Files;
using Provisioner.VirtualPi.Machine;
using Provisioner.VirtualPi.Qmp;

namespace Provisioner.VirtualPi.Frozen;

/// <summary>
/// The PCI configuration of the SD card's controller. QEMU 7.2 leaves it out of a frozen machine (its description of the
/// controller's state has no PCI part), so a copy would wake up with a controller at no address, and a card that gives only errors.
/// It is read and put back through the two I/O ports that PCI has for this, while the machine stands still.
/// </summary>
internal static class CardController
{
    private const int AddressPort = 0xcf8;
    private const int DataPort = 0xcfc;
    private const int CommandRegister = 0x04;
    private const int LastRegister = 0x3c;

    // The command register comes last: it switches the addresses on that the others set.
    private static readonly int[] Registers = [.. Enumerable.Range(0, (LastRegister / 4) + 1).Select(index => index * 4).Where(register => register != CommandRegister), CommandRegister];

    public static async Task SaveAsync(QmpClient qmp, string file, CancellationToken cancellationToken)
    {
        // The guest may have been stopped between its own two accesses, so its address is put back.
        var interrupted = await ReadPortAsync(qmp, AddressPort, cancellationToken);
        List<string> lines = [];
        foreach (var register in Registers)
        {
            await WritePortAsync(qmp, AddressPort, AddressOf(register), cancellationToken);
            var value = await ReadPortAsync(qmp, DataPort, cancellationToken);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{register:x2} {value:x8}"));
        }

        await WritePortAsync(qmp, AddressPort, interrupted, cancellationToken);
        PrivateFiles.Write(file, string.Join('\n', lines) + "\n");
    }

    public static async Task RestoreAsync(QmpClient qmp, string file, CancellationToken cancellationToken)
    {
        var interrupted = await ReadPortAsync(qmp, AddressPort, cancellationToken);
        foreach (var line in await File.ReadAllLinesAsync(file, cancellationToken))
        {
            var (register, value) = Parse(line);
            await WritePortAsync(qmp, AddressPort, AddressOf(register), cancellationToken);
            await WritePortAsync(qmp, DataPort, value, cancellationToken);
        }

        await WritePortAsync(qmp, AddressPort, interrupted, cancellationToken);
    }

    internal static (int Register, uint Value) Parse(string line)
    {
        var words = line.Split(' ');
        return (int.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), uint.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    /// <summary>The value in the monitor's answer, <c>portl[0x0cfc] = 0x00071b36</c>.</summary>
    internal static uint Answer(string text)
    {
        const string before = "= 0x";
        var at = text.LastIndexOf(before, StringComparison.Ordinal);
        return at >= 0 && uint.TryParse(text.AsSpan(at + before.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new QmpException($"QEMU's monitor answered '{text.Trim()}' to the question for a port's value.");
    }

    // Bus 0, function 0, and the bit that says that this is a configuration address.
    private static uint AddressOf(int register) => 0x80000000u | (uint)(QemuCommandLine.CardControllerSlot << 11) | (uint)register;

    private static async Task<uint> ReadPortAsync(QmpClient qmp, int port, CancellationToken cancellationToken) =>
        Answer(await MonitorAsync(qmp, string.Create(CultureInfo.InvariantCulture, $"i /w 0x{port:x}"), cancellationToken));

    private static Task<string> WritePortAsync(QmpClient qmp, int port, uint value, CancellationToken cancellationToken) =>
        MonitorAsync(qmp, string.Create(CultureInfo.InvariantCulture, $"o /w 0x{port:x} 0x{value:x}"), cancellationToken);

    private static async Task<string> MonitorAsync(QmpClient qmp, string command, CancellationToken cancellationToken) =>
        (await qmp.ExecuteAsync("human-monitor-command", new JsonObject { ["command-line"] = command }, cancellationToken)).GetValue<string>();
}
