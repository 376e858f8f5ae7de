using System.Text;
using Provisioner.Engine.Files;
using Provisioner.Engine.Projects;
using Provisioner.Engine.Projects.Yaml;

namespace Provisioner.Engine.Backend;

/// <summary>The backend's layout, as <c>.pulumi/meta.yaml</c> names it.</summary>
internal static class BackendMeta
{
    private const int Version = 1;

    /// <summary>Refuses a backend whose layout is not known here; one that is not there yet is fine.</summary>
    /// <exception cref="BackendException">The layout is older or newer.</exception>
    public static void Check(BackendPaths paths)
    {
        if (File.Exists(paths.Meta))
        {
            CheckVersion(paths.Meta);
        }
        else if (Directory.Exists(paths.AllStacks) && Directory.EnumerateFiles(paths.AllStacks, "*.json*").Any())
        {
            throw new BackendException(
                "backend-layout",
                $"{paths.Root} has the old layout without projects. Bring it up to date with `pulumi state upgrade`, or choose another folder with PULUMI_BACKEND_URL.");
        }
    }

    /// <summary>Makes the backend's folder and its mark, where they are missing.</summary>
    public static void Ensure(IFileOperations files, BackendPaths paths)
    {
        Check(paths);
        if (!File.Exists(paths.Meta))
        {
            files.CreateDirectory(paths.Root);
            AtomicFile.Replace(files, paths.Meta, Encoding.UTF8.GetBytes($"version: {Version}\n"), AtomicFile.Private);
        }
    }

    private static void CheckVersion(string path)
    {
        string? version;
        try
        {
            version = YamlText.Parse(path, YamlText.Read(path)) is { } meta && new YamlReader(path, meta).Node("version") is { } node
                ? StackValueText.Plain(YamlValues.From(node, path))
                : null;
        }
        catch (ProjectFileException exception)
        {
            throw new BackendException("backend-layout", $"{exception.Message} A backend's meta.yaml holds `version: {Version}`.", exception);
        }

        if (version != $"{Version}")
        {
            throw new BackendException(
                "backend-layout",
                $"{path} names the layout {version ?? "(none)"}; the embedded engine knows layout {Version}. Use Pulumi's CLI, or choose another folder with PULUMI_BACKEND_URL.");
        }
    }
}
