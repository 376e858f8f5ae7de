using Provisioner.Engine.Backend;
using Provisioner.Engine.Files;
using Provisioner.Engine.Projects;

namespace Provisioner.Engine.Tests.Backend;

/// <summary>Machines and users for tests, and backends on them.</summary>
internal static class Hosts
{
    public static HostEnvironment In(string home, params (string Name, string Value)[] variables) => new()
    {
        Variable = name => variables.FirstOrDefault(variable => variable.Name == name).Value,
        HomeDirectory = home,
        UserName = "pi",
        HostName = "here",
    };

    public static FileBackend Backend(string folder, IFileOperations? files = null, HostEnvironment? host = null, TimeProvider? time = null) =>
        FileBackend.Open(new BackendLocation($"file://{folder}", folder, "test"), "lamp", host ?? In(folder), time ?? TimeProvider.System, files ?? FileOperations.Instance);
}
