using System.Collections.Immutable;
using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Provisioner.Provider.Inspection;

/// <summary>Reads lsblk's JSON and the links of /dev/disk/by-id.</summary>
internal static class DiskParser
{
    /// <param name="json">What lsblk -J wrote.</param>
    /// <param name="links">What ls -l wrote; udev leaves no blank in these names.</param>
    public static ImmutableArray<DiskFacts> Parse(string json, IEnumerable<string> links)
    {
        var byDevice = links
            .Select(line => line.Split(" -> "))
            .Where(halves => halves.Length == 2)
            .ToLookup(halves => "/dev/" + halves[1].Split('/')[^1], halves => halves[0].Split(' ')[^1]);
        if (Read(json)?["blockdevices"] is not JArray devices)
        {
            return [];
        }

        return
        [
            .. devices.OfType<JObject>()
                .Where(device => Text(device, "type") == "disk" && Number(device, "size") > 0)
                .Select(device => new DiskFacts(
                    Text(device, "path") ?? "",
                    Number(device, "size"),
                    Text(device, "model"),
                    Text(device, "serial"),
                    Text(device, "tran"),
                    Flag(device, "rm"),
                    Flag(device, "ro"),
                    Text(device, "ptuuid"),
                    [.. byDevice[Text(device, "path") ?? ""].Order(StringComparer.Ordinal)],
                    [.. Children(device).Select(Partition)])),
        ];
    }

    /// <summary>Null for anything that is no JSON object: an lsblk that is missing or failed says nothing.</summary>
    private static JObject? Read(string json)
    {
        try
        {
            using var reader = new JsonTextReader(new StringReader(json)) { MaxDepth = 16, DateParseHandling = DateParseHandling.None };
            return JToken.ReadFrom(reader) as JObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<JObject> Children(JObject device) =>
        ((device["children"] as JArray)?.OfType<JObject>() ?? []).SelectMany(child => Children(child).Prepend(child));

    private static PartitionFacts Partition(JObject device) => new(
        Text(device, "path") ?? "", Number(device, "size"), Text(device, "fstype"), Text(device, "label"),
        Text(device, "partlabel"), Text(device, "partuuid"), Text(device, "mountpoint"));

    private static string? Text(JObject device, string name) =>
        device[name] is JValue { Type: not JTokenType.Null } value && value.ToString(CultureInfo.InvariantCulture).Trim() is { Length: > 0 } text ? text : null;

    // Older lsblk writes numbers and flags as strings.
    private static long Number(JObject device, string name) =>
        long.TryParse(Text(device, name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static bool Flag(JObject device, string name) => Text(device, name) is "1" or "true" or "True";
}
