using Provisioner.VirtualPi.Host;
using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi.Building;

/// <summary>The card that every machine begins with, and what the firmware is.</summary>
internal sealed record CardImage(string Folder, string Key)
{
    public string Image => Path.Combine(Folder, "card.qcow2");

    public string MasterBootRecord => Path.Combine(Folder, "mbr");

    /// <summary>The folder of what the simulated hardware brings into every system that boots.</summary>
    public string Hardware => Path.Combine(Folder, "hardware");

    public string Kernel => Path.Combine(Folder, "vmlinuz");

    public string InitialRamDisk => Path.Combine(Folder, "initrd");
}

/// <summary>Builds the card image and, before it, whatever of its parts is not in the cache.</summary>
internal sealed class CardBuilder(PiHome home, StepTeller steps)
{
    public const string Kind = "card";
    public const string TreeKind = "root-tree";
    public const string ModulesKind = "zfs-modules";
    private const string Suite = "trixie";
    private const string Scripts = "Building/Scripts/";
    private const string Guest = "Guest/";
    private const string Standin = "Standin/";

    private readonly ArtefactStore _store = new(home.Artefacts, home.Time);

    /// <summary>Names the card that the present scripts and guest files make.</summary>
    public static string Key => CacheKey.Of([Suite, QemuCommandLine.CardWords], [.. Embedded.Names(Scripts), .. Embedded.Names(Guest), .. Embedded.Names(Standin)]);

    /// <summary>The card of an earlier time, which a machine was made from; null when it is gone.</summary>
    public CardImage? Find(string key)
    {
        if (!_store.Has(Kind, key))
        {
            return null;
        }

        _store.Touch(Kind, key);
        return new CardImage(_store.PathOf(Kind, key), key);
    }

    public async Task<CardImage> GetAsync(CancellationToken cancellationToken)
    {
        var key = Key;
        if (Find(key) is { } built)
        {
            return await steps.TellAsync("card image", () => Task.FromResult((built, FromCache: true)));
        }

        RequireRoot();
        await HostPackages.EnsureAsync(home, steps, cancellationToken);
        var mirror = AptMirror.OfThisHost();
        var versions = await steps.TellAsync("asking the Debian mirror for its kernel and ZFS", async () =>
            (await DebianVersions.AskAsync(home, mirror, Suite, cancellationToken), false));
        var modules = await steps.TellAsync($"ZFS {versions.Zfs} modules for Linux {versions.Kernel}", () =>
            BuildModulesAsync(mirror, versions, cancellationToken));
        var tree = await steps.TellAsync("root tree from Debian packages", () =>
            BuildTreeAsync(mirror, versions, modules, cancellationToken));
        var folder = await steps.TellAsync("card image", () => BuildCardAsync(key, tree, cancellationToken));
        new ArtefactCleaning(home).Run();
        return new CardImage(folder, key);
    }

    private Task<(string Folder, bool FromCache)> BuildModulesAsync(string mirror, DebianVersions versions, CancellationToken cancellationToken)
    {
        const string script = Scripts + "zfs-modules";
        return _store.GetAsync(
            ModulesKind,
            CacheKey.Of([Suite, versions.Kernel, versions.Zfs], [script]),
            draft => BuildScript.RunAsync(script, draft, Log("zfs-modules"), Settings(("MIRROR", mirror), ("SUITE", Suite)), cancellationToken),
            cancellationToken);
    }

    private Task<(string Folder, bool FromCache)> BuildTreeAsync(
        string mirror, DebianVersions versions, string modules, CancellationToken cancellationToken)
    {
        const string script = Scripts + "root-tree";
        return _store.GetAsync(
            TreeKind,
            CacheKey.Of([Suite, versions.Kernel, versions.Zfs], [script]),
            draft => BuildScript.RunAsync(
                script,
                draft,
                Log("root-tree"),
                Settings(("MIRROR", mirror), ("SUITE", Suite), ("MODULES", Path.Combine(modules, "zfs-modules.deb"))),
                cancellationToken),
            cancellationToken);
    }

    private Task<(string Folder, bool FromCache)> BuildCardAsync(string key, string tree, CancellationToken cancellationToken) =>
        _store.GetAsync(Kind, key, draft => FillCardAsync(draft, tree, cancellationToken), cancellationToken);

    private async Task FillCardAsync(string draft, string tree, CancellationToken cancellationToken)
    {
        var guest = Path.Combine(draft, ".guest");
        var overlay = Path.Combine(guest, "overlay");
        Embedded.UnpackFolder($"{Guest}System/", overlay);
        var firmware = Path.Combine(guest, "firmware");
        Embedded.UnpackFolder($"{Guest}Firmware/", firmware);
        var standin = Path.Combine(guest, "standin");
        Embedded.UnpackFolder(Standin, standin);
        HardwareDrivers.Write(Path.Combine(draft, "hardware"));
        await BuildScript.RunAsync(
            $"{Scripts}card",
            draft,
            Log("card"),
            Settings(("TREE", Path.Combine(tree, "tree.tar")), ("OVERLAY", overlay), ("FIRMWARE", firmware), ("WORDS", QemuCommandLine.CardWords), ("STANDIN", standin)),
            cancellationToken);
        Directory.Delete(guest, recursive: true);
    }

    private static Dictionary<string, string> Settings(params (string Name, string Value)[] settings) =>
        settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);

    private string Log(string artefact) => Path.Combine(home.Logs, $"{artefact}.log");

    private static void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new PiException("Building the virtual Pi needs root (it makes a root file system with mmdebstrap). Run the command as root once; the result is kept.");
        }
    }
}
