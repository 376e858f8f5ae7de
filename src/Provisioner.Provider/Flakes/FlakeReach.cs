using System.Text.RegularExpressions;

namespace Provisioner.Provider.Flakes;

/// <summary>
/// What a flake needs and would not have where it is built. <c>nix build .</c> gives it its whole repository; here its folder alone is
/// sent, so that what lies beside the folder is missing there, and the build ends with a path of a store that nobody knows.
/// </summary>
internal static partial class FlakeReach
{
    private const int LargestFile = 4 * 1024 * 1024;

    /// <summary>Sentences for people, each with the place and the way out.</summary>
    /// <param name="folder">The flake's folder.</param>
    /// <param name="sent">Those of its files that are sent.</param>
    public static IEnumerable<string> Beyond(FlakeFolder folder, IEnumerable<FlakeFile> sent)
    {
        foreach (var submodule in folder.NotCheckedOut)
        {
            yield return $"the submodule {submodule} is not checked out, so nothing of it is sent; git -C {folder.Folder} submodule update --init {submodule}";
        }

        foreach (var file in sent)
        {
            foreach (var (where, path) in Outside(folder.Folder, file.Path).DistinctBy(reach => reach.Path))
            {
                yield return $"{where} leads to {path}, which is outside the flake's folder and is not sent; move it into {folder.Folder}, or set flake to a folder with a flake.nix that holds both";
            }
        }
    }

    private static IEnumerable<(string Where, string Path)> Outside(string folder, string path)
    {
        var full = Path.Combine(folder, path);
        var info = new FileInfo(full);
        if (info.LinkTarget is { } target)
        {
            return Leaves(folder, Path.GetDirectoryName(full)!, target) ? [($"the link {path}", target)] : [];
        }

        if (!path.EndsWith(".nix", StringComparison.Ordinal) || !info.Exists || info.Length > LargestFile)
        {
            return [];
        }

        var nix = NixCode.Of(File.ReadAllText(full));
        var literals = RelativePath().Matches(nix.Code).Select(match => (Line: 1 + nix.Code.AsSpan(0, match.Index).Count('\n'), Path: match.Value));
        var inputs = path == "flake.nix" ? nix.Texts.Select(text => (text.Line, Match: RelativeInput().Match(text.Text))).Where(text => text.Match.Success).Select(text => (text.Line, Path: text.Match.Groups["path"].Value)) : [];
        return literals.Concat(inputs).Where(reach => Leaves(folder, Path.GetDirectoryName(full)!, reach.Path)).Select(reach => ($"{path}, line {reach.Line},", reach.Path));
    }

    /// <summary>Whether a path leads out of the folder, to something that is there: what is nowhere is no loss.</summary>
    private static bool Leaves(string folder, string from, string path)
    {
        var target = Path.GetFullPath(path, from);
        return target != folder && !target.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && !target.StartsWith("/nix/store/", StringComparison.Ordinal)
            && (File.Exists(target) || Directory.Exists(target));
    }

    [GeneratedRegex(@"(?<![\w.+/~-])\.{1,2}(?:/[\w.+-]+)+")]
    private static partial Regex RelativePath();

    [GeneratedRegex(@"^(?:path:|git\+file:)?(?<path>\.{1,2}(?:/[^?#]*)?)(?:[?#].*)?$")]
    private static partial Regex RelativeInput();
}
