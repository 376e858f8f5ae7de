using System.Diagnostics.CodeAnalysis;
using System.Text;
using Provisioner.Engine.Hosts.Programs;

/// <summary>
/// What .NET calls inside a program before its Main (DOTNET_STARTUP_HOOKS; name, place and signature are .NET's): takes the configuration
/// from the engine's pipe and sets PULUMI_CONFIG. .NET keeps variables set this way to itself; /proc/PID/environ does not show them.
/// Only the base library may be used here: the engine's own dependencies cannot be found from inside the program.
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks it up outside of any namespace.")]
internal static class StartupHook
{
    public static void Initialize()
    {
        var path = Environment.GetEnvironmentVariable(ConfigDelivery.PipeVariable);

        // Neither is for what the program starts itself.
        Environment.SetEnvironmentVariable(ConfigDelivery.PipeVariable, null);
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        if (string.IsNullOrEmpty(path))
        {
            return;
        }

        using var reader = new StreamReader(path, Encoding.UTF8);
        Environment.SetEnvironmentVariable("PULUMI_CONFIG", reader.ReadLine());
        File.Delete(path);
    }
}
