using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Pulumi.Wire;
using static Provisioner.Cli.Tests.Display.Story;

namespace Provisioner.Cli.Tests.Display;

/// <summary>One story for each kind of sequence that an engine tells. The secret in them is <see cref="Password"/>.</summary>
internal static class Stories
{
    public const string Password = "correct horse under the lamp";

    private static readonly string Wifi = Urn("WifiProfile", "home");
    private static readonly string Device = Urn("Device", "pi");

    public static IEnumerable<string> Names => All.Keys;

    private static Dictionary<string, Func<Story>> All { get; } = new(StringComparer.Ordinal)
    {
        ["preview-create"] = PreviewCreate,
        ["preview-update"] = PreviewUpdate,
        ["preview-replace"] = PreviewReplace,
        ["preview-drift"] = PreviewDrift,
        ["preview-offline"] = PreviewOffline,
        ["preview-unchanged"] = PreviewUnchanged,
        ["preview-hostile"] = PreviewHostile,
        ["preview-long-values"] = PreviewLongValues,
        ["preview-error"] = PreviewError,
        ["update-create"] = UpdateCreate,
        ["update-replace"] = UpdateReplace,
        ["update-failure"] = UpdateFailure,
        ["refresh"] = Refresh,
        ["destroy"] = Destroy,
    };

    public static Story Tell(string name) => All[name]();

    private static PropertyMap WifiInputs(string ssid = "Lamp Home", string password = Password) => Map(
        ("device", "ssh://root@lamp.local:22?hostKey=SHA256:abc"),
        ("password", new PropertyValue.Secret(password)),
        ("ssid", ssid));

    private static Story PreviewCreate() => new Story(DeploymentKind.Update, preview: true)
        .Activity("building the program", 2)
        .Begin(Step(StepOperation.Create, null, Stack()))
        .Whole(Step(StepOperation.Create, null, Resource("Device", "pi", Map(
            ("host", "lamp.local"),
            ("hostKey", PropertyValue.UnknownValue),
            ("options", new PropertyValue.Object(Map(("keepalive", 15.0), ("tags", new PropertyValue.Array(["lamp", "attic"]))))),
            ("port", 22.0)))))
        .Info(Wifi, "write /etc/NetworkManager/system-connections/lamp.nmconnection (root, 0600)\nfrom standard input")
        .Info(Wifi, "reload NetworkManager")
        .Begin(Step(StepOperation.Create, null, Resource("WifiProfile", "home", WifiInputs())))
        .Info(Wifi, "reload NetworkManager")
        .Tell(new EngineEvent.StepFinished(Step(StepOperation.Create, null, Resource("WifiProfile", "home", WifiInputs()))))
        .Tell(new EngineEvent.StepFinished(Step(StepOperation.Create, null, Stack())))
        .End(true, Map(("address", PropertyValue.UnknownValue), ("psk", new PropertyValue.Secret(Password))), (StepOperation.Create, 3));

    private static Story PreviewUpdate() => new Story(DeploymentKind.Update, preview: true)
        .Begin(Step(StepOperation.Same, Stack(Map(("ssid", "Lamp Home"))), Stack(Map(("ssid", "Lamp Home")))))
        .Whole(Step(StepOperation.Same, Resource("Device", "pi", Map(("host", "lamp.local"))), Resource("Device", "pi", Map(("host", "lamp.local")))))
        .Info(Wifi, "write the profile")
        .Whole(Step(
            StepOperation.Update,
            Resource("WifiProfile", "home", WifiInputs("Lamp Home").With("hidden", true)),
            Resource("WifiProfile", "home", WifiInputs("Lamp Attic", "another one").With("priority", 10.0)),
            ("ssid", DiffEntryKind.Update), ("password", DiffEntryKind.Update), ("hidden", DiffEntryKind.Delete), ("priority", DiffEntryKind.Add)))
        .Tell(new EngineEvent.StepFinished(Step(StepOperation.Same, Stack(Map(("ssid", "Lamp Home"))), Stack(Map(("ssid", "Lamp Home"))))))
        .End(true, Map(("ssid", "Lamp Attic")), (StepOperation.Update, 1), (StepOperation.Same, 2));

    private static Story PreviewReplace()
    {
        var old = Resource("HostIdentity", "pi", Map(("hostname", "lamp"), ("algorithm", "ed25519")));
        var @new = Resource("HostIdentity", "pi", Map(("hostname", "lantern"), ("algorithm", "ed25519")), id: string.Empty);
        (string, DiffEntryKind)[] diff = [("hostname", DiffEntryKind.UpdateReplace)];
        return new Story(DeploymentKind.Update, preview: true)
            .Begin(Step(StepOperation.Same, Stack(), Stack()))
            .Whole(Step(StepOperation.CreateReplacement, old, @new, diff) with { ReplaceKeys = ["hostname"] })
            .Whole(Step(StepOperation.Replace, old, @new, diff) with { ReplaceKeys = ["hostname"] })
            .Info(Urn("HostIdentity", "pi"), "make a new host key")
            .Whole(Step(StepOperation.DeleteReplaced, old, null))
            .Tell(new EngineEvent.StepFinished(Step(StepOperation.Same, Stack(), Stack())))
            .End(true, PropertyMap.Empty, (StepOperation.CreateReplacement, 1), (StepOperation.Replace, 1), (StepOperation.DeleteReplaced, 1), (StepOperation.Same, 1));
    }

    private static Story PreviewDrift()
    {
        var recorded = Resource("WifiProfile", "home", WifiInputs(), WifiInputs().With("mode", "0600").With("state", "present"));
        var read = recorded with { Outputs = recorded.Outputs.With("mode", "0644") };
        return new Story(DeploymentKind.Update, preview: true)
            .Begin(Step(StepOperation.Same, Stack(), Stack()))
            .Whole(Step(StepOperation.Refresh, recorded, read))
            .Warn(Wifi, "/etc/NetworkManager/system-connections/lamp.nmconnection has mode 0644, so NetworkManager ignores it")
            .Info(Wifi, "chmod 0600")
            .Whole(Step(StepOperation.Update, read, recorded, ("mode", DiffEntryKind.Update)) with
            {
                DetailedDiff = System.Collections.Immutable.ImmutableSortedDictionary<string, DiffEntry>.Empty.Add("mode", new DiffEntry(DiffEntryKind.Update, InputDiff: false)),
                New = recorded with { Inputs = recorded.Inputs.With("mode", "0600") },
            })
            .Begin(Step(StepOperation.Refresh, Resource("WifiProfile", "shed", WifiInputs()), null))
            .Tell(new EngineEvent.StepFinished(Step(StepOperation.Refresh, Resource("WifiProfile", "shed", WifiInputs()), null)))
            .Whole(Step(StepOperation.Create, null, Resource("WifiProfile", "shed", WifiInputs())))
            .Tell(new EngineEvent.StepFinished(Step(StepOperation.Same, Stack(), Stack())))
            .End(true, PropertyMap.Empty, (StepOperation.Update, 1), (StepOperation.Create, 1), (StepOperation.Same, 1));
    }

    private static Story PreviewOffline() => new Story(DeploymentKind.Update, preview: true)
        .Begin(Step(StepOperation.Same, Stack(), Stack()))
        .Warn(Device, "lamp.local:22 does not answer (connection refused, waited 3 s).\nThe facts shown are from 2026-11-20 08:15 UTC.")
        .Debug(Device, "dials 1, execs 0")
        .Whole(Step(StepOperation.Same, Resource("Device", "pi", Map(("host", "lamp.local"))), Resource("Device", "pi", Map(("host", "lamp.local")))), 3)
        .Tell(new EngineEvent.StepFinished(Step(StepOperation.Same, Stack(), Stack())))
        .End(true, PropertyMap.Empty, (StepOperation.Same, 2));

    private static Story PreviewUnchanged() => new Story(DeploymentKind.Update, preview: true)
        .Begin(Step(StepOperation.Same, Stack(), Stack()))
        .Whole(Step(StepOperation.Same, Resource("Device", "pi", Map(("host", "lamp.local"))), Resource("Device", "pi", Map(("host", "lamp.local")))))
        .Tell(new EngineEvent.StepFinished(Step(StepOperation.Same, Stack(), Stack())))
        .End(true, Map(("ssid", "Lamp Home")), (StepOperation.Same, 2));

    private static Story PreviewHostile() => new Story(DeploymentKind.Update, preview: true)
        .Begin(Step(StepOperation.Create, null, Stack()))
        .Tell(new EngineEvent.ProgramOutput("from the program \e[31mred\e[0m", IsError: false))
        .Info(Device, "uname says \e]0;owned\u0007 and \u202Etxt.exe\rover")
        .Whole(Step(StepOperation.Create, null, Resource("Device", "pi", Map(("host", "a\e[2Jb\"c\\d\te\n"), ("ssid", "🔦 Lämp \u0085")))))
        .Error(string.Empty, "the tail:\n\e[1mbold\e[0m\u0000")
        .End(false, PropertyMap.Empty, (StepOperation.Create, 1));

    private static Story PreviewLongValues() => new Story(DeploymentKind.Update, preview: true)
        .Whole(Step(
            StepOperation.Update,
            Resource("Device", "pi", Map(
                ("address", "ssh://root@a-very-long-host-name.of-the-attic.example.org:22022?hostKey=SHA256:AAAAAAAAAAAAAAAAAAAAAAAA"),
                ("motd", "Welcome\nto the lamp\nin the attic\nof the house\nwith\nthe green\ndoor\n"))),
            Resource("Device", "pi", Map(
                ("address", "ssh://root@a-very-long-host-name.of-the-attic.example.org:22022?hostKey=SHA256:BBBBBBBBBBBBBBBBBBBBBBBB"),
                ("motd", "Welcome\nto the lamp\nin the attic\nof the house\nwith\nthe red\ndoor\n")))))
        .Whole(Step(StepOperation.Create, null, Resource("Device", "shed", Map(("motd", "two\nlines"), ("odd key.s", "x"), ("empty", new PropertyValue.Object(PropertyMap.Empty))))))
        .End(true, PropertyMap.Empty, (StepOperation.Create, 1), (StepOperation.Update, 1));

    private static Story PreviewError() => new Story(DeploymentKind.Update, preview: true)
        .Begin(Step(StepOperation.Create, null, Stack()))
        .Begin(Step(StepOperation.Create, null, Resource("WifiProfile", "home", WifiInputs())))
        .Error(Wifi, "ssid has 33 bytes; at most 32 are allowed. Shorten it.")
        .Fail(Step(StepOperation.Create, null, Resource("WifiProfile", "home", WifiInputs())))
        .Error(string.Empty, "the program ended with exit code 1")
        .End(false, PropertyMap.Empty, (StepOperation.Create, 1));

    private static Story UpdateCreate() => new Story(DeploymentKind.Update, preview: false)
        .Activity("starting the program", 0.5)
        .Begin(Step(StepOperation.Create, null, Stack()))
        .Begin(Step(StepOperation.Create, null, Resource("Device", "pi", Map(("host", "lamp.local")))))
        .Status(Device, "waiting for lamp.local:22")
        .After(12)
        .Info(Device, "Raspberry Pi 4 Model B, 4 GiB")
        .Tell(new EngineEvent.StepFinished(Step(StepOperation.Create, null, Resource("Device", "pi", Map(("host", "lamp.local"))))))
        .Begin(Step(StepOperation.Create, null, Resource("WifiProfile", "home", WifiInputs())))
        .Warn(Wifi, "another profile has the same SSID\nand a higher priority")
        .After(0.25)
        .Tell(new EngineEvent.StepFinished(Step(StepOperation.Create, null, Resource("WifiProfile", "home", WifiInputs()))))
        .Tell(new EngineEvent.ProgramOutput("hello from the program", IsError: false))
        .Tell(new EngineEvent.StepFinished(Step(StepOperation.Create, null, Stack())))
        .End(true, Map(("address", "192.168.7.20"), ("psk", new PropertyValue.Secret(Password))), (StepOperation.Create, 3));

    private static Story UpdateReplace()
    {
        var old = Resource("HostIdentity", "pi", Map(("hostname", "lamp")));
        var @new = Resource("HostIdentity", "pi", Map(("hostname", "lantern")));
        return new Story(DeploymentKind.Update, preview: false)
            .Begin(Step(StepOperation.Same, Stack(), Stack()))
            .Whole(Step(StepOperation.CreateReplacement, old, @new, ("hostname", DiffEntryKind.UpdateReplace)), 1.5)
            .Whole(Step(StepOperation.Replace, old, @new, ("hostname", DiffEntryKind.UpdateReplace)))
            .Whole(Step(StepOperation.DeleteReplaced, old, null), 0.1)
            .Tell(new EngineEvent.StepFinished(Step(StepOperation.Same, Stack(), Stack())))
            .End(true, PropertyMap.Empty, (StepOperation.CreateReplacement, 1), (StepOperation.Replace, 1), (StepOperation.DeleteReplaced, 1), (StepOperation.Same, 1));
    }

    private static Story UpdateFailure() => new Story(DeploymentKind.Update, preview: false)
        .Begin(Step(StepOperation.Same, Stack(), Stack()))
        .Begin(Step(StepOperation.Update, Resource("WifiProfile", "home", WifiInputs()), Resource("WifiProfile", "home", WifiInputs("Other")), ("ssid", DiffEntryKind.Update)))
        .After(75)
        .Error(Wifi, "we could not come back over the new profile, so the device has gone back to the old one.\n  NetworkManager: 802-11-wireless-security.psk: no secrets\nCorrect the password with `config set --secret wifiPassword`, then run `up` again.")
        .Fail(Step(StepOperation.Update, Resource("WifiProfile", "home", WifiInputs()), Resource("WifiProfile", "home", WifiInputs("Other")), ("ssid", DiffEntryKind.Update)))
        .Tell(new EngineEvent.StepFinished(Step(StepOperation.Same, Stack(), Stack())))
        .End(false, PropertyMap.Empty, (StepOperation.Same, 2));

    private static Story Refresh()
    {
        var recorded = Resource("Device", "pi", Map(("host", "lamp.local")), Map(("host", "lamp.local"), ("kernel", "6.12.1"), ("key", new PropertyValue.Secret("k"))));
        return new Story(DeploymentKind.Refresh, preview: false)
            .Whole(Step(StepOperation.Refresh, recorded, recorded with { Outputs = recorded.Outputs.With("kernel", "6.12.9") }), 2)
            .Whole(Step(StepOperation.Refresh, Resource("WifiProfile", "home", WifiInputs()), null), 2)
            .Whole(Step(StepOperation.Refresh, Resource("WifiProfile", "shed", WifiInputs()), Resource("WifiProfile", "shed", WifiInputs())), 2)
            .End(true, PropertyMap.Empty, (StepOperation.Update, 1), (StepOperation.Delete, 1), (StepOperation.Same, 1));
    }

    private static Story Destroy() => new Story(DeploymentKind.Destroy, preview: false)
        .Whole(Step(StepOperation.Delete, Resource("WifiProfile", "home", WifiInputs()), null), 0.5)
        .Whole(Step(StepOperation.Delete, Stack(Map(("ssid", "Lamp Home"))), null))
        .End(true, PropertyMap.Empty, (StepOperation.Delete, 2));
}
