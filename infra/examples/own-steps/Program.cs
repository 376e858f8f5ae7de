using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;

// Steps of one's own, with Pulumi's Command package: a file is copied to the Pi, and a command there shows it to whoever logs in.
return await Deployment.RunAsync(() =>
{
    var config = new Config();
    var pi = new ConnectionArgs
    {
        Host = config.Require("host"),
        Port = config.GetInt32("port") ?? 22,
        User = config.Get("user") ?? "root",
        HostKey = config.Require("hostKey"),
        PrivateKey = config.RequireSecret("privateKey"),
    };
    var folder = config.Get("folder") ?? "/etc";
    var welcome = new CopyToRemote("welcome", new CopyToRemoteArgs
    {
        Connection = pi,
        Source = new StringAsset("This is the lamp in the hall.\n"),
        RemotePath = $"{folder}/welcome",
    });
    var shown = new Command(
        "shown",
        new CommandArgs
        {
            Connection = pi,
            Create = "cat \"$FOLDER/welcome\" | tee \"$FOLDER/motd\"",
            Delete = "rm -f \"$FOLDER/motd\"",
            Environment = { ["FOLDER"] = folder },
        },
        new CustomResourceOptions { DependsOn = { welcome } });

    // This machine is told too.
    var told = new Pulumi.Command.Local.Command("told", new Pulumi.Command.Local.CommandArgs
    {
        Create = Output.Format($"printf 'The Pi says: %s' '{shown.Stdout}'"),
    });
    return new Dictionary<string, object?> { ["shown"] = shown.Stdout, ["told"] = told.Stdout };
});
