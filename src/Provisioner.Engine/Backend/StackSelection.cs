using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.Files;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Backend;

/// <summary>Which stack is worked on when none is named: kept where Pulumi's CLI keeps it, in the user's home, for each project file.</summary>
public sealed class StackSelection
{
    private readonly Project _project;
    private readonly HostEnvironment _host;
    private readonly string _backendUrl;
    private readonly string _path;

    /// <param name="backendUrl">The URL as it was written: each backend has a selection of its own.</param>
    public StackSelection(Project project, string backendUrl, HostEnvironment host)
    {
        _project = project;
        _host = host;
        _backendUrl = backendUrl;
        var file = project.FilePath.Length > 0 ? project.FilePath : Path.Combine(project.Directory, "Pulumi.yaml");
        _path = Path.Combine(host.PulumiHome, "workspaces", $"{project.Name}-{Digest(file)}-workspace.json");
    }

    /// <summary>The name from PULUMI_STACK, else the one selected, or null.</summary>
    /// <exception cref="ConfigurationException">PULUMI_STACK names a stack of another project, or no stack.</exception>
    public string? Current()
    {
        if (_host.Variable("PULUMI_STACK") is { Length: > 0 } forced)
        {
            return StackName.Parse(forced, _project.Name);
        }

        if (Read() is not { } settings)
        {
            return null;
        }

        var selected = settings["stacks"]?[_backendUrl] ?? settings["stack"];
        try
        {
            return selected is { Type: JTokenType.String } ? StackName.Parse(selected.Value<string>()!, _project.Name) : null;
        }
        catch (ConfigurationException)
        {
            // Selected on another kind of backend, or before the project was renamed.
            return null;
        }
    }

    /// <summary>Selects a stack.</summary>
    public void Select(string stack)
    {
        var settings = Read() ?? [];
        var name = $"organization/{_project.Name}/{stack}";
        if (settings["stacks"] is not JObject stacks)
        {
            settings["stacks"] = stacks = [];
        }

        stacks[_backendUrl] = name;

        // What versions of Pulumi's CLI read that know one selection for all backends.
        settings["stack"] = name;
        FileOperations.Instance.CreateDirectory(Path.GetDirectoryName(_path)!);
        AtomicFile.Replace(FileOperations.Instance, _path, Encoding.UTF8.GetBytes(settings.ToString(Formatting.Indented)), AtomicFile.Private);
    }

    /// <summary>Selects none, if it is this one that is selected.</summary>
    public void Unselect(string stack)
    {
        if (Read() is { } settings && Current() == stack)
        {
            (settings["stacks"] as JObject)?.Remove(_backendUrl);
            settings.Remove("stack");
            AtomicFile.Replace(FileOperations.Instance, _path, Encoding.UTF8.GetBytes(settings.ToString(Formatting.Indented)), AtomicFile.Private);
        }
    }

    private JObject? Read()
    {
        try
        {
            RegularFile.Require(_path);
            return StateJson.Parse(File.ReadAllText(_path)) as JObject;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            // A selection is no loss; the next one writes the file anew.
            return null;
        }
    }

    // The name of the file is a digest of a path, as Pulumi's CLI makes it; nothing is protected by it.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "The name that Pulumi's CLI gives the file; nothing is protected by it.")]
    private static string Digest(string path) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(path)));
}
