using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Provisioner.Engine.Hosts.Building;

/// <summary>Names, sizes and times of everything that a build of a project reads from its own tree: its folder, those of the projects it refers to, and the MSBuild files above them.</summary>
internal static class SourceFingerprint
{
    private static readonly string[] Above = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig", "NuGet.config", "nuget.config"];

    /// <param name="project">The absolute path of a project file.</param>
    /// <returns>A SHA-256 in hex.</returns>
    public static string Of(string project)
    {
        var text = new StringBuilder();
        foreach (var file in Projects(project).SelectMany(Files).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var info = new FileInfo(file);
            text.Append(CultureInfo.InvariantCulture, $"{file}\0{info.Length}\0{info.LastWriteTimeUtc.Ticks}\n");
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static HashSet<string> Projects(string project)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([Path.GetFullPath(project)]);
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }

            foreach (var reference in References(next))
            {
                open.Push(reference);
            }
        }

        return seen;
    }

    /// <summary>References with conditions count too: a build too many does no harm.</summary>
    private static IEnumerable<string> References(string project)
    {
        try
        {
            return [.. XDocument.Load(project).Descendants()
                .Where(element => element.Name.LocalName == "ProjectReference")
                .Select(element => element.Attribute("Include")?.Value ?? string.Empty)
                .Where(include => include.Length > 0 && !include.Contains('$', StringComparison.Ordinal))
                .Select(include => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, include.Replace('\\', '/'))))
                .Where(File.Exists)];
        }
        catch (XmlException)
        {
            // The build says it better.
            return [];
        }
    }

    private static IEnumerable<string> Files(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        foreach (var file in Tree(folder))
        {
            yield return file;
        }

        for (var above = folder; above is not null; above = Path.GetDirectoryName(above))
        {
            foreach (var name in Above.Select(name => Path.Combine(above, name)).Where(File.Exists))
            {
                yield return name;
            }
        }
    }

    private static IEnumerable<string> Tree(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => !Path.GetFileName(file).StartsWith('.')))
        {
            yield return file;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder).Where(inner => Path.GetFileName(inner) is not ("bin" or "obj" or "node_modules") && !Path.GetFileName(inner).StartsWith('.')))
        {
            foreach (var file in Tree(inner))
            {
                yield return file;
            }
        }
    }
}
