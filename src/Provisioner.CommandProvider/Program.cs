using Provisioner.CommandProvider;
using Provisioner.CommandProvider.Remote;
using Provisioner.Provider.Hosting;

await using var pool = new ConnectionPool(TimeProvider.System);
return await PluginHost.RunAsync(CommandPackage.Create(pool), args);
