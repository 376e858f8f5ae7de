using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.HostIdentity;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Cards;

/// <summary>A card as people may see it.</summary>
[Doc("What a card or a card image says of itself. No secret: fingerprints in place of keys.")]
internal sealed record CardSummary
{
    [Doc("`bootable`, `unfinished` (it was being written), `identityUnfinished` (its identity was being changed), or `noTable`.")]
    public required string Condition { get; init; }

    [Doc("The entries of its partition table.")]
    public ImmutableArray<string> Partitions { get; init; } = [];

    [Doc("SHA-256 of the image file that it was made from.")]
    public string? ImageSha256 { get; init; }

    [Doc("Whether an identity card is in it.")]
    public bool HasIdentity { get; init; }

    [Doc("The name the machine will have.")]
    public string? Hostname { get; init; }

    [Doc("ZFS's host id.")]
    public string? HostId { get; init; }

    [Doc("The fingerprint of the SSH host key.")]
    public string? Fingerprint { get; init; }

    [Doc("Who may log in as root: type, fingerprint and comment of each key.")]
    public ImmutableArray<string> AuthorizedKeys { get; init; } = [];

    [Doc("The WiFi networks that it joins.")]
    public ImmutableArray<string> Networks { get; init; } = [];

    [Doc("The files of the identity card, with their modes and sizes.")]
    public ImmutableArray<string> Files { get; init; } = [];

    [Doc("What is wrong with it.")]
    public ImmutableArray<string> Problems { get; init; } = [];

    public static CardSummary Of(CardContents card)
    {
        var summary = new CardSummary
        {
            Condition = WireNames.Camel(card.Condition.ToString()),
            Partitions = [.. card.Entries.Select(entry => entry.ToString())],
            ImageSha256 = card.Stamp?.Image,
        };
        if (card.Archive is null || CardArchive.Read(card.Archive) is not { } files)
        {
            return summary with { Problems = Problem(card) is { } problem ? [problem] : [] };
        }

        var privateKey = Text(files, CardFile.HostKeyPath);
        var key = privateKey is null ? null : HostKey.Parse(privateKey, "").Key;
        var announced = Text(files, CardFile.PublicKeyPath) is { } line ? HostKey.FingerprintOf(line) : null;
        return summary with
        {
            HasIdentity = true,
            Hostname = Text(files, CardFile.HostnamePath),
            HostId = HostIdOf(files),
            Fingerprint = key?.Fingerprint,
            AuthorizedKeys = [.. (Text(files, CardFile.AuthorizedKeysPath) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Login)],
            Networks = [.. files.Where(entry => entry.File.Path.StartsWith(CardFile.ProfileFolder, StringComparison.Ordinal)).Select(entry => Network(entry.File))],
            Files = [.. files.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{Octal(entry.Mode)} {entry.File.Path} ({entry.File.Content.Length} bytes)"))],
            Problems =
            [
                .. new[]
                {
                    Problem(card),
                    key is null ? "its SSH host key is missing or cannot be read: the machine will make one that nobody knows" : null,
                    key is not null && announced is not null && announced != key.Fingerprint ? "its public host key is not that of its private one" : null,
                }.OfType<string>(),
                .. files.Where(entry => IsSecret(entry.File) && Octal(entry.Mode) != "0600").Select(entry => $"{entry.File.Path} has mode {Octal(entry.Mode)} in place of 0600: sshd and NetworkManager ignore it"),
            ],
        };
    }

    private static string? Problem(CardContents card) => card.Condition switch
    {
        CardCondition.NoTable => "it has no master boot record: it is no card, or one that lost its beginning",
        CardCondition.Unfinished => "it was being written and that did not end: run up again",
        CardCondition.IdentityUnfinished => "its identity card was being changed and that did not end: run up again",
        _ when card.Archive is null => "it has no identity card: it boots as nobody in particular",
        _ when CardArchive.IsErased(card.Archive) => "its identity card is empty",
        _ when CardArchive.Read(card.Archive) is null => "its identity card cannot be read",
        _ => null,
    };

    private static string? Text(ImmutableArray<(CardFile File, UnixFileMode Mode)> files, string path) =>
        files.FirstOrDefault(entry => entry.File.Path == path).File is { } file ? Encoding.UTF8.GetString(file.Content).TrimEnd('\n') is var text && path == CardFile.HostKeyPath ? text + "\n" : text : null;

    private static string? HostIdOf(ImmutableArray<(CardFile File, UnixFileMode Mode)> files) =>
        files.FirstOrDefault(entry => entry.File.Path == CardFile.HostIdPath).File is { Content.Length: 4 } file ? Convert.ToHexStringLower([.. file.Content.Reverse()]) : null;

    /// <summary>Type, fingerprint, comment; options in front of the type are told, too, for they decide what the key may do.</summary>
    private static string Login(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var type = Array.FindIndex(words, AuthorizedKey.IsType);
        return type < 0 || type + 1 >= words.Length || HostKey.FingerprintOf($"{words[type]} {words[type + 1]}") is not { } fingerprint
            ? "a line that is no key"
            : string.Join(' ', [.. words[..type], words[type], fingerprint, .. words[(type + 2)..]]);
    }

    private static string Network(CardFile file)
    {
        var values = Encoding.UTF8.GetString(file.Content).Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var ssid = values["ssid"].FirstOrDefault() is { } written ? Keyfile.ReadSsid(Encoding.UTF8.GetBytes(written))?.ToString() : null;
        return $"\"{ssid ?? "?"}\" ({values["key-mgmt"].FirstOrDefault() ?? "open"}{(values["autoconnect-priority"].FirstOrDefault() is { } priority ? $", priority {priority}" : string.Empty)})";
    }

    private static bool IsSecret(CardFile file) =>
        file.Path == CardFile.HostKeyPath || file.Path.StartsWith(CardFile.ProfileFolder, StringComparison.Ordinal);

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
