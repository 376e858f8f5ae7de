using Provisioner.Cli;
using Provisioner.Cli.Commands;

using var interruption = new Interruption();
try
{
    return await CommandLine.RunAsync(args, SystemContext.Create(interruption.Kill), interruption.Stop);
}
finally
{
    SystemContext.Restore();
}
