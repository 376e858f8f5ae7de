using Provisioner.Provider.Hosting;
using Provisioner.Provider.Resources;

return await PluginHost.RunAsync(AllResources.Package(), args);
