using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Building;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Cards.Writing;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Flakes.Secrets;
using Provisioner.Provider.Images;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Jobs;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Ssh;
using Provisioner.Provider.Resources.HostIdentity;
using Provisioner.Provider.Resources.NixosSystem.Configuration;
using Provisioner.Provider.Resources.NixosSystem.Elsewhere;
using Provisioner.Provider.Resources.WifiProfile;
using Provisioner.Provider.Resources.ZfsDataset;
using Provisioner.Provider.Resources.ZfsPool;
using Provisioner.Provider.Tests.Cards;
using Provisioner.Provider.Tests.Remote;
using Provisioner.Provider.Tests.Resources.Zfs;
using Provisioner.Tests.Hostile;

namespace Provisioner.Provider.Tests.Hostile;

/// <summary>
/// Every parser of bytes that others made is given what real tools wrote, spoilt in some thousand ways: the answer is a value, or
/// the one exception that the parser is documented to throw, and takes no more memory than there is reason for.
/// </summary>
public sealed class ParserTests : IDisposable
{
    private const string Word = "00112233445566778899aabbccddeeff";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_device_says_of_itself() => Run(
        [.. Fixtures(), Encoding.UTF8.GetBytes(SickPool)],
        500,
        failure => failure is FormatException,
        answer =>
        {
            var facts = DeviceFactsParser.Parse(Text(answer), Word, DigestKey.Create(RandomNumberGenerator.Fill));
            PoolObserver.Observe(ZfsWorld.Pool, null, facts);
            ZfsPoolPlanner.Plan(ZfsWorld.Pool, PoolObserver.Observe(ZfsWorld.Pool, null, facts));
            DatasetObserver.Observe(ZfsWorld.Home, null, facts);
        });

    [Fact]
    public void Lines_of_lsblk_blkid_and_nmcli() => Run(
        ["KNAME=\"sda1\" PKNAME=\"sda\" MOUNTPOINTS=\"/\\x0a/mnt\"", "/dev/sda1: LABEL=\"a\\\"b\" TYPE=\"vfat\"", "wlan0:wifi:connected (externally):5a1c\\:e4"],
        2000,
        _ => false,
        line =>
        {
            _ = PairText.Read(Text(line)).Number("SIZE");
            NetworkParser.Fields(Text(line)).ShouldNotBeEmpty();
        });

    [Fact]
    public void Known_hosts()
    {
        string[] samples =
        [
            "# ours\n[127.0.0.1]:2222,lamp.local ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHvLcVkcd0gPFTBwoZ9bJIIIiN5hIIfbJhOm3CLkQsSd\n@revoked * ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHvLcVkcd0gPFTBwoZ9bJIIIiN5hIIfbJhOm3CLkQsSd x\n",
            "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHvLcVkcd0gPFTBwoZ9bJIIIiN5hIIfbJhOm3CLkQsSd\n@cert-authority *.local,!lamp.local ssh-ed25519 AAAA\n",
        ];
        Run(samples, 1000, failure => failure is InputInvalidException, text => KnownHosts.Find("known_hosts", Text(text).Split('\n'), "lamp.local"));
    }

    [Fact]
    public async Task Private_keys()
    {
        var samples = new List<byte[]>();
        foreach (var (type, format) in new[] { ("ed25519", "RFC4716"), ("rsa", "PEM"), ("rsa", "PKCS8"), ("ecdsa", "RFC4716") })
        {
            var file = _folder[$"{type}-{format}"];
            await Tool.RunAsync("ssh-keygen", "-q", "-t", type, "-m", format, "-N", string.Empty, "-f", file);
            samples.Add(await File.ReadAllBytesAsync(file));
        }

        Mutator.Run(samples, 500, failure => failure is InputInvalidException, key => SshCredentials.Load(new RemoteOptions { PrivateKey = Text(key), UseAgent = false }));
        Mutator.Run([Encoding.ASCII.GetBytes(Identities.Key.PrivateKey)], 1000, _ => false, key => HostKey.Parse(Text(key), "lamp"));
    }

    [Fact]
    public void The_wire_form_of_keys() => Mutator.Run(
        [Convert.FromBase64String(Identities.Key.PublicKey.Split(' ')[1])],
        1000,
        _ => false,
        blob =>
        {
            SshWire.TypeOf(blob);
            HostKeyPin.Parse($"ssh-ed25519 {Convert.ToBase64String(blob)}");
            HostKey.FingerprintOf($"ssh-ed25519 {Text(blob)}");
            AuthorizedKey.Problem(Text(blob));
        });

    [Fact]
    public void Values_of_NetworkManager_s_keyfiles() => Mutator.Run(
        [.. ((string[])["Our House", "72;111;", "a\\;b\\sc\\\\", "é"]).Select(Encoding.UTF8.GetBytes)],
        2000,
        _ => false,
        value => Keyfile.ReadSsid(value)?.ToString());

    [Fact]
    public void Partition_tables_and_identity_cards()
    {
        var card = new byte[CardLayout.IdentityEnd];
        BootRecord.AddIdentity(card);
        (card[510], card[511]) = (0x55, 0xaa);
        CardArchive.Write(Identities.Lamp).CopyTo(card, CardLayout.IdentityOffset);
        new CardStamp(new string('a', 64), 123).Write().CopyTo(card, CardLayout.IdentityOffset + CardLayout.ArchiveLength);

        // The rest of the archive is zeros, in which nothing can be spoilt.
        const int interesting = 32 * 1024;
        var identity = card[(int)CardLayout.IdentityOffset..][..interesting];
        Mutator.Run([[.. card[..512], .. identity]], 1000, _ => false, bytes =>
        {
            bytes.AsSpan(0, 512).CopyTo(card);
            bytes.AsSpan(512).CopyTo(card.AsSpan((int)CardLayout.IdentityOffset));
            CardSummary.Of(CardContents.Read((buffer, offset) =>
            {
                var count = (int)Math.Clamp(card.Length - offset, 0, buffer.Length);
                card.AsSpan((int)offset, count).CopyTo(buffer);
                return count;
            }));
            BootRecord.Problem(bytes);
        }, inPlace: true);
        Mutator.Run([new CardStamp(new string('a', 64), 123).Write()], 1000, _ => false, block => CardStamp.Read(block));
    }

    [Fact]
    public async Task Ext4()
    {
        var tree = Directory.CreateDirectory(_folder["tree/etc/ssh"]).Parent!.Parent!.FullName;
        for (var index = 0; index < 60; index++)
        {
            await File.WriteAllTextAsync(Path.Combine(tree, "etc", $"a file with a name {index}"), new string('x', index * 40));
        }

        await File.WriteAllBytesAsync(Path.Combine(tree, "hole"), Pierced());
        File.CreateSymbolicLink(Path.Combine(tree, "short"), "etc/ssh");
        File.CreateSymbolicLink(Path.Combine(tree, "long"), "etc/../" + string.Concat(Enumerable.Repeat("./", 60)) + "etc");
        await Tool.RunAsync("mke2fs", "-q", "-t", "ext4", "-b", "1024", "-N", "128", "-O", "^has_journal,^resize_inode", "-d", tree, _folder["image"], "1M");
        var image = await File.ReadAllBytesAsync(_folder["image"]);
        Mutator.Run([image], 500, failure => failure is InvalidDataException, bytes =>
        {
            File.WriteAllBytes(_folder["image"], bytes);
            using var file = File.OpenHandle(_folder["image"]);
            var files = new Ext4Reader(file, 0);
            foreach (var (path, node) in files.Walk("/", 8, []))
            {
                _ = node.IsLink ? files.Target(node).Length : node.IsFile ? files.Read(node, 1 << 20).Length : 0;
            }

            _ = files.Find("/long/ssh/../a file with a name 3");
            _ = files.Text("/hole");
            _ = SystemTree.Of(files, null);
        }, inPlace: true);
    }

    [Fact]
    public async Task Images_in_zstd()
    {
        var plain = new byte[300_000];
        new Random(1).NextBytes(plain.AsSpan(0, 20_000));
        await File.WriteAllBytesAsync(_folder["plain"], plain);
        await Tool.RunAsync("zstd", "-q", "-19", _folder["plain"], "-o", _folder["plain.zst"]);
        var buffer = new byte[1 << 16];
        Mutator.Run([await File.ReadAllBytesAsync(_folder["plain.zst"])], 500, failure => failure is InputInvalidException, bytes =>
        {
            File.WriteAllBytes(_folder["image.img.zst"], bytes);
#pragma warning disable xUnit1031 // The mutator asks parsers one after the other.
            Task.Run(async () =>
            {
                await using var source = ImageSource.Open(_folder["image.img.zst"]);
                while (await source.ReadAsync(buffer, CancellationToken.None) > 0)
                {
                }
            }).GetAwaiter().GetResult();
#pragma warning restore xUnit1031
        });
    }

    [Fact]
    public void What_builders_jobs_and_flakes_say()
    {
        Run(["machine=Linux x86_64\nnix=nix (Nix) 2.28\nsystem = x86_64-linux\nextra-platforms = i686-linux\nstore={\"trusted\":1}\nemulator=qemu-aarch64\n"], 1000, _ => false, text => BuilderFacts.Parse(Text(text)).For("aarch64-linux", "here", "ssh"));
        Run(["state running\nuptime 90\nstep 1 begin 10\nstep 1 end 40 0\nstep 2 begin 40\n\nlog\nbuilding\n"], 1000, _ => false, text => JobProgress.Parse(text));
        Run(["build 12\nswitch 34\n"], 2000, _ => false, text => JobProgress.Durations(Text(text)));
        Run(["/nix/store/a-nixos-system\n12 /nix/store/b\n34 /nix/store/a-nixos-system\n"], 1000, failure => failure is FormatException, text => Closure.Parse(Text(text)).SizeOf(new HashSet<string> { "/nix/store/b" }));
        Run(["{\"hostName\":\"lamp\",\"fileSystems\":{\"/\":{\"device\":\"/dev/sda\",\"type\":\"ext4\",\"options\":[\"x\"]}},\"ssh\":{\"ports\":[22]},\"users\":{\"root\":{}}}"], 1000, failure => failure is FormatException, text => ConfigurationFacts.Parse(Text(text)));
        Run(["{\"hostName\":\"x\", // y\n\"pool\": [1, {\"a\": null}],}"], 1000, failure => failure is InputInvalidException, text => HostValues.None.With("hostName", "lamp").Overlay(text, "flake"));
        Run(["user=root\nport=22\ninterface=wlan0\nwifi=yes\nkey=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHvLcVkcd0gPFTBwoZ9bJIIIiN5hIIfbJhOm3CLkQsSd me\n"], 1000, _ => false, text => new Login("root").With(Text(text)));
        Run(["these 2 derivations will be built:\n  /nix/store/0123456789abcdfghijklmnpqrsvwxyz-linux-rpi-6.12.34.drv\n"], 2000, _ => false, text => _ = KernelForecast.Read(Text(text)).Length);
    }

    [Fact]
    public void Texts_in_which_secrets_are_looked_for() => Run(
        [
            "[wifi-security]\npsk=hunter2hunter2\n", "network={\n ssid=\"a\"\n psk=\"correct horse\"\n}\n", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n-----END OPENSSH PRIVATE KEY-----\n",
            "password: ${secret}\nmachine x login y password z\n", "https://me:secret@example.org/\nENC[AES256_GCM,data:x]\n",
        ],
        2000,
        _ => false,
        text => _ = SecretScanner.Scan(new MemoryStream(text), "etc/some.conf").ToList());

    [Fact]
    public void Text_for_people() => Run(["\u001b[31mred\u001b[0m\r\n\u001b]0;title\u0007x", "plain"], 1000, _ => false, text => RemoteText.Tail(text).ShouldNotContain('\u001b'));

    /// <summary>One megabyte with two holes, of which the second is at the end.</summary>
    private static byte[] Pierced()
    {
        var content = new byte[120_000];
        new Random(2).NextBytes(content.AsSpan(0, 3000));
        new Random(3).NextBytes(content.AsSpan(60_000, 3000));
        return content;
    }

    private static void Run(IEnumerable<string> samples, int rounds, Func<Exception, bool> isAnswer, Action<byte[]> parse) =>
        Mutator.Run([.. samples.Select(Encoding.UTF8.GetBytes)], rounds, isAnswer, parse);

    private static void Run(IReadOnlyList<byte[]> samples, int rounds, Func<Exception, bool> isAnswer, Action<byte[]> parse) => Mutator.Run(samples, rounds, isAnswer, parse);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static IEnumerable<byte[]> Fixtures() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Inspection", "Fixtures"), "*.txt").Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    /// <summary>An answer with what no fixture has: a pool with a broken device, logs, spares and errors in its data.</summary>
    private static string SickPool => string.Join('\n',
        string.Empty,
        $"--{Word} zfs",
        "2.3.9-1",
        $"--{Word} zfs-pools",
        "lamp\tguid\t12164607869386676691\t-",
        "lamp\thealth\tDEGRADED\t-",
        "lamp\tsize\t4026531840\t-",
        $"--{Word} zfs-status",
        "  pool: lamp",
        " state: DEGRADED",
        "status: One or more devices could not be used.",
        "\tSufficient replicas exist.",
        "config:",
        string.Empty,
        "\tNAME        STATE     READ WRITE CKSUM",
        "\tlamp        DEGRADED     0     0     0",
        "\t  mirror-0  DEGRADED     0     0     0",
        "\t    /dev/sda2  ONLINE       0     3     0",
        "\t    6452845322950391936  UNAVAIL      0     0     0  was /dev/sdb2",
        "\tlogs",
        "\t  /dev/sdc1  ONLINE       0     0     0",
        "\tspares",
        "\t  /dev/sdd1  AVAIL",
        string.Empty,
        "errors: 3 data errors, use '-v' for a list",
        $"--{Word} zfs-guids",
        "  pool: lamp",
        "config:",
        "\tlamp        DEGRADED     0     0     0",
        "\t  1  DEGRADED     0     0     0",
        "\t    2  ONLINE       0     3     0",
        "\t    6452845322950391936  UNAVAIL      0     0     0",
        "\tlogs",
        "\t  4  ONLINE       0     0     0",
        "\tspares",
        "\t  5  AVAIL",
        $"--{Word} zfs-datasets",
        "lamp",
        "\tguid\t1\t-",
        "\ttype\tfilesystem\t-",
        "\tused\t123\t-",
        "@lamp@first\t7703021920877366487\t30\t98304",
        "whole",
        $"--{Word} end",
        string.Empty);
}
