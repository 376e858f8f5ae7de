using System.Globalization;
using Provisioner.Benchmarks;

// One file, four parts: the table, one line of it in a process of its own, and the two ends that an engine talks to.
//   dotnet run -c Release --project tests/Benchmarks                 the table
//   dotnet Provisioner.Benchmarks.dll measure 1000                   one line of it
//   dotnet Provisioner.Benchmarks.dll up FOLDER                      an update over a backend in a folder, for tests that kill it
return args switch
{
    ["provider", ..] => await FileProvider.ServeAsync(),
    _ when Environment.GetEnvironmentVariable("PULUMI_MONITOR") is not null => await FileProgram.RunAsync(),
    ["measure", var size] => await Measurement.RunAsync(int.Parse(size, CultureInfo.InvariantCulture)),
    ["up", var folder] => await FolderUpdate.RunAsync(folder),
    [] => await Table.PrintAsync([100, 300, 1000, 3000, 10_000]),
    _ => throw new ArgumentException("measure SIZE, up FOLDER, or nothing for the table"),
};
