using System.Diagnostics;
using System.Globalization;

namespace Provisioner.Benchmarks;

/// <summary>A line for each size, each from a process of its own, so that its memory is its own.</summary>
internal static class Table
{
    public static async Task<int> PrintAsync(IEnumerable<int> sizes)
    {
        Console.WriteLine("                   creations       first preview           second preview");
        Console.WriteLine("resources  s (wall) s (engine)  s (wall) s (engine)   s (engine) ms/resource   peak MiB");
        foreach (var size in sizes)
        {
            var start = new ProcessStartInfo("dotnet") { ArgumentList = { typeof(Table).Assembly.Location, "measure", size.ToString(CultureInfo.InvariantCulture) } };
            using var line = Process.Start(start)!;
            await line.WaitForExitAsync();
            if (line.ExitCode != 0)
            {
                return line.ExitCode;
            }
        }

        return 0;
    }
}
