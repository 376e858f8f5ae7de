using Provisioner.Engine.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects.Yaml;

/// <summary>Reads a YAML file into nodes that know where they stand.</summary>
internal static class YamlText
{
    // Pulumi's own files have some kilobytes.
    private const int LargestFile = 8 << 20;

    /// <exception cref="ProjectFileException">There is no such file, or it cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return BoundedFile.ReadText(path, LargestFile) ?? throw new ProjectFileException(path, 0, 0, $"has more than {LargestFile >> 20} MiB, so it is no file of this kind.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProjectFileException(path, 0, 0, $"cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The mapping that the file is, or null for an empty file.</summary>
    /// <exception cref="ProjectFileException">It is no YAML, or not one mapping.</exception>
    public static YamlMappingNode? Parse(string path, string text)
    {
        YamlStream stream;
        try
        {
            using var reader = new StringReader(text);
            stream = BoundedYaml.Load(reader);
        }
        catch (YamlBoundException bound)
        {
            throw new ProjectFileException(path, bound.Start.Line, bound.Start.Column, $"{bound.Message}. Write less into one file.", bound);
        }
        catch (YamlException exception)
        {
            throw Translate(path, text, exception);
        }

        if (stream.Documents.Count == 0)
        {
            return null;
        }

        var root = stream.Documents[0].RootNode;
        RefuseTabs(path, text, root);
        return root switch
        {
            _ when stream.Documents.Count > 1 => throw new ProjectFileException(
                path, stream.Documents[1].RootNode.Start.Line, 0, "a second YAML document begins here. Keep one, and remove the line ---."),
            YamlMappingNode mapping => mapping,
            YamlScalarNode scalar when YamlScalars.Resolve(scalar) is StackValue.Scalar { Kind: ScalarKind.Null } => null,
            _ => throw new ProjectFileException(path, root.Start.Line, root.Start.Column, "the file must be a mapping of keys to values, such as `name: lamp`."),
        };
    }

    private static ProjectFileException Translate(string path, string text, YamlException exception)
    {
        // The parser names the beginning of the block that it could not end.
        var tab = TabbedLines(text).FirstOrDefault(line => line >= exception.Start.Line);
        if (tab > 0)
        {
            return Tab(path, tab, exception);
        }

        var cause = exception.InnerException is YamlException inner ? inner : exception;
        var duplicate = cause.Message.Contains("uplicate key", StringComparison.Ordinal);
        return new ProjectFileException(
            path,
            cause.Start.Line,
            cause.Start.Column,
            duplicate
                ? "a key stands here twice. Keep one of them."
                : "this is no YAML: look for a missing colon, quote or bracket, or for an indentation that differs from the line above.",
            exception);
    }

    private static void RefuseTabs(string path, string text, YamlNode root)
    {
        HashSet<long>? inTexts = null;
        foreach (var line in TabbedLines(text))
        {
            // A text over several lines may have tabs in all but its first.
            inTexts ??= [.. root.AllNodes.OfType<YamlScalarNode>().Distinct<YamlScalarNode>(ReferenceEqualityComparer.Instance).SelectMany(LinesBehindTheFirst)];
            if (!inTexts.Contains(line))
            {
                throw Tab(path, line, null);
            }
        }
    }

    private static IEnumerable<long> LinesBehindTheFirst(YamlScalarNode text)
    {
        for (var line = text.Start.Line + 1; line <= text.End.Line; line++)
        {
            yield return line;
        }
    }

    private static ProjectFileException Tab(string path, long line, Exception? cause) =>
        new(path, line, 1, "the indentation has a tab, and YAML allows blanks only. Replace the tab by two blanks for each level.", cause);

    private static IEnumerable<long> TabbedLines(string text)
    {
        var number = 0L;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var indentation = line.AsSpan(0, line.Length - line.AsSpan().TrimStart(" \t").Length);
            if (indentation.Contains('\t') && !line.AsSpan(indentation.Length).TrimEnd().IsEmpty)
            {
                yield return number;
            }
        }
    }
}
