using Provisioner.Provider.Hosting;

return await PluginHost.RunAsync(args);
