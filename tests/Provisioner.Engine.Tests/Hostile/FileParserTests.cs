using System.Text;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Backend.Locks;
using Provisioner.Engine.Deployments.Imports;
using Provisioner.Engine.Deployments.Monitor;
using Provisioner.Engine.Hosts;
using Provisioner.Engine.Hosts.Plugins;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;
using Provisioner.Engine.Tests.State;
using Provisioner.Tests.Hostile;

namespace Provisioner.Engine.Tests.Hostile;

/// <summary>
/// Every parser of files that people, tools or somebody else's machine wrote is given such files, spoilt in some thousand ways:
/// the answer is a value, or the one exception that the parser is documented to throw, and takes no more memory than there is
/// reason for.
/// </summary>
public sealed class FileParserTests : IDisposable
{
    private static readonly Project Project = ProjectFile.Parse("/p/Pulumi.yaml", "name: lamp\nruntime: dotnet\n");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_of_stacks() => Run(
        [
            "encryptionsalt: v1:AAEC:v1:EBES\nconfig:\n  # the name\n  lamp:ssid: \"Lamp Home\"\n  lamp:psk:\n    secure: v1:ICEi\n  lamp:hosts:\n    - name: pi\n      port: 22\n  lamp:tags: {room: living, shelf: 0x2}\n",
            "config:\n  lamp:a: &a [1, 2.5, true, ~]\n  lamp:b: *a\n  lamp:c: |\n    text\n     more\n  lamp:d: >-\n    folded\n    text\n  lamp:e: 'it''s'\n",
        ],
        1500,
        failure => failure is ProjectFileException or ConfigurationException,
        text =>
        {
            var file = StackFile.Parse(Project, "dev", "/p/Pulumi.dev.yaml", text);
            _ = file.Config.Values.Select(value => StackValueText.Of(value, secret => secret)).ToList();
            if (text.Length < 2000)
            {
                file.Set(ConfigPath.Parse("tags.shelf", "lamp", isPath: true), StackValue.OfText("3")).Remove(new ConfigPath(new ConfigKey("lamp", "ssid"))).ToString();
            }
        });

    [Fact]
    public void Files_of_projects() => Run(
        ["name: lamp\nruntime:\n  name: dotnet\n  options:\n    binary: x\nmain: infra\nconfig:\n  ssid:\n    type: string\n    secret: true\n  channel:\n    type: integer\n    default: 6\nplugins:\n  providers:\n    - name: provisioner\n      path: src\nbackend:\n  url: file://~\noptions:\n  refresh: always\n"],
        1000,
        failure => failure is ProjectFileException or ConfigurationException,
        text => ProjectFile.Parse("/p/Pulumi.yaml", text));

    [Fact]
    public void Files_of_states()
    {
        var sample = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "State", "sample.json"));
        var whole = new StateWriter("organization/lamp/dev", new SecretSeals(new FakeSecrets()), StateEnvelope.Empty).Write(Snapshots.Large(3));
        Mutator.Run([sample, whole], 1000, failure => failure is StateFileException or Provisioner.Engine.Secrets.SecretsException, content =>
        {
            var document = StateDocument.Parse("/b/dev.json", content);
            _ = (document.Time, document.ResourceCount, document.SecretsType, document.SecretsState, document.HasSecrets, document.Envelope);
            document.Read(new SecretSeals(new FakeSecrets()));
        });
    }

    [Fact]
    public void Locks() => Run(
        ["{\"pid\":123,\"username\":\"me\",\"hostname\":\"here\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"machineId\":\"a\",\"bootId\":\"b\"}"], 1000, _ => false, text => LockHolder.Parse(text));

    [Fact]
    public void Files_of_what_is_to_be_imported() => Run(
        ["{\"nameTable\":{\"p\":\"urn:pulumi:dev::lamp::a:b:C::p\"},\"resources\":[{\"type\":\"a:b:C\",\"name\":\"x\",\"id\":\"1\",\"parent\":\"p\",\"properties\":[\"a\"]},{\"type\":\"a:b:C\",\"name\":\"y\",\"component\":true}]}"],
        1000,
        failure => failure is ImportFileException,
        text => ImportFile.Parse("file.json", text, "dev", "lamp", protect: true));

    [Fact]
    public void Descriptions_of_plugins() => Run(
        ["runtime: dotnet\n", "runtime:\n  name: nodejs\n"],
        700,
        failure => failure is HostException,
        text =>
        {
            File.WriteAllText(_folder.File(PluginDescription.FileName), text);
            PluginDescription.Read(_folder.Path);
        });

    [Fact]
    public void Paths_and_durations()
    {
        Run(["lamp:a.b[0][\"odd.key\"].c", "a[12]"], 1500, failure => failure is ConfigurationException, text => ConfigPath.Parse(text, "lamp", isPath: true));
        Run(["300000000000ns", "1h30m", "1.5s"], 1500, failure => failure is FormatException, text => GoDuration.Parse(text));
        Run(["2026-08-21T19:17:59.123456789Z"], 1000, _ => false, text => _ = StateTime.TryParse(text, out var _));
    }

    [Fact]
    public void States_that_are_compressed()
    {
        Backend.Hosts.Backend(_folder.Path).Create("dev");
        var path = _folder.File(".pulumi/stacks/lamp/dev.json");
        var plain = File.ReadAllBytes(path);
        File.Delete(path);
        foreach (var extension in (string[])[".gz", ".zst"])
        {
            Mutator.Run([Compressed(plain, extension)], 300, failure => failure is StateFileException, content =>
            {
                File.WriteAllBytes(path + extension, content);
                Backend.Hosts.Backend(_folder.Path).Export("dev");
            });
            File.Delete(path + extension);
        }
    }

    internal static byte[] Compressed(byte[] plain, string extension)
    {
        using var result = new MemoryStream();
        using (Stream stream = extension == ".gz" ? new System.IO.Compression.GZipStream(result, System.IO.Compression.CompressionLevel.Optimal) : new ZstdSharp.CompressionStream(result))
        {
            stream.Write(plain);
        }

        return result.ToArray();
    }

    private static void Run(IEnumerable<string> samples, int rounds, Func<Exception, bool> isAnswer, Action<string> parse) =>
        Mutator.Run([.. samples.Select(Encoding.UTF8.GetBytes)], rounds, isAnswer, bytes => parse(Encoding.UTF8.GetString(bytes)));
}
