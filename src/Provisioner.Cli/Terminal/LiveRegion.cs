using System.Globalization;
using System.Text;

namespace Provisioner.Cli.Terminal;

/// <summary>
/// The last lines of a terminal, drawn over and over in place. Nothing of it is left when it is closed,
/// also when the terminal has become narrower meanwhile and has wrapped what stood there.
/// </summary>
internal sealed class LiveRegion(TextWriter output, LineWriter writer, Func<TerminalSize> size)
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";

    // Terminals that know it show a frame at once or not at all; the others ignore it.
    private const string BeginFrame = "\e[?2026h";
    private const string EndFrame = "\e[?2026l";

    private IReadOnlyList<int> _drawn = [];
    private bool _open;

    /// <summary>Draws the lines in place of the ones before; each is cropped to the terminal's width.</summary>
    public void Draw(IReadOnlyList<StyledLine> lines)
    {
        var width = Math.Max(1, size().Width - 1);
        var frame = new StringBuilder(BeginFrame).Append(_open ? string.Empty : HideCursor).Append(BackToTop());
        var cropped = lines.Select(line => Cells.Crop(line, width)).ToList();
        foreach (var line in cropped)
        {
            frame.Append(writer.Render(line)).Append("\e[K\n");
        }

        _drawn = [.. cropped.Select(line => line.Width)];
        _open = true;
        output.Write(frame.Append("\e[J").Append(EndFrame));
        output.Flush();
    }

    /// <summary>Takes the lines away and gives the cursor back.</summary>
    public void Close()
    {
        if (!_open)
        {
            return;
        }

        output.Write(new StringBuilder(BackToTop()).Append("\e[J").Append(ShowCursor));
        output.Flush();
        (_drawn, _open) = ([], false);
    }

    /// <summary>To the start of the first line; a line wider than the terminal is now takes more than one row.</summary>
    private string BackToTop()
    {
        var width = Math.Max(1, size().Width);
        var rows = _drawn.Sum(cells => Math.Max(1, (cells + width - 1) / width));
        return rows == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"\r\e[{rows}A");
    }
}

/// <summary>Columns and rows.</summary>
internal readonly record struct TerminalSize(int Width, int Height);
