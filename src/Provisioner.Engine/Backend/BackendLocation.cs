using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.Projects;
using Pulumi.Wire;

namespace Provisioner.Engine.Backend;

/// <summary>Which folder the state is kept in, and who said so.</summary>
/// <param name="Url">As it was written, such as <c>file://~</c>; the key under which the selected stack is kept.</param>
/// <param name="Directory">The absolute folder above <c>.pulumi</c>.</param>
/// <param name="Source">Who said so, for people.</param>
public sealed record BackendLocation(string Url, string Directory, string Source)
{
    private const string Scheme = "file://";
    private const string Variable = "PULUMI_BACKEND_URL";

    /// <summary>The environment's, else the project's, else that of <c>pulumi login</c> when it is in files, else <c>file://~</c>.</summary>
    /// <exception cref="BackendException">The environment or the project names a backend that is not in files.</exception>
    public static BackendLocation Resolve(Project project, HostEnvironment host)
    {
        if (host.Variable(Variable) is { Length: > 0 } fromEnvironment)
        {
            return Of(fromEnvironment, Variable, project, host);
        }

        if (project.BackendUrl.Length > 0)
        {
            return Of(project.BackendUrl, "backend.url of Pulumi.yaml", project, host);
        }

        return Login(host) is { } login && login.StartsWith(Scheme, StringComparison.Ordinal)
            ? Of(login, "`pulumi login`", project, host)
            : Of($"{Scheme}~", "default", project, host);
    }

    private static BackendLocation Of(string url, string source, Project project, HostEnvironment host)
    {
        if (!url.StartsWith(Scheme, StringComparison.Ordinal))
        {
            throw new BackendException(
                "backend-not-in-files",
                $"{source} is \"{url}\", but the embedded engine keeps state in files. Set {Variable}=file://~ (or file:// and another folder), or run this stack with Pulumi's CLI.");
        }

        // A query, such as ?no_tmp_dir=true, is about how Pulumi's CLI writes.
        var path = Uri.UnescapeDataString(url[Scheme.Length..].Split('?')[0]);
        var folder = path.Length > 0 ? Path.GetFullPath(host.Expand(path), project.Directory)
            : throw new BackendException("backend-not-in-files", $"{source} is \"{url}\", which names no folder. Write file://~ or file:// and a folder.");
        return new BackendLocation(url, folder, source);
    }

    private static string? Login(HostEnvironment host)
    {
        var folder = host.Variable("PULUMI_CREDENTIALS_PATH") is { Length: > 0 } other ? other : host.PulumiHome;
        try
        {
            var file = Path.Combine(folder, "credentials.json");
            RegularFile.Require(file);
            return JObject.Parse(File.ReadAllText(file))["current"] is { Type: JTokenType.String } current
                ? current.Value<string>()
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Nobody is logged in, or in a way that only Pulumi's CLI can read: that is no backend in files.
            return null;
        }
    }
}
