using System.CommandLine;
using Newtonsoft.Json;
using Provisioner.Cli.Display;
using Provisioner.Cli.Sessions;
using Provisioner.Cli.Terminal;
using Provisioner.Engine.Functions;
using Pulumi.Wire;

namespace Provisioner.Cli.Commands.Cards;

/// <summary>The group <c>card</c>: cards as they are, whoever wrote them.</summary>
internal static class CardCommand
{
    private const string Token = "provisioner:index:readCard";

    private static readonly (string Property, string Title)[] Singles =
    [
        ("condition", "Card"), ("imageSha256", "Image"), ("hostname", "Hostname"), ("hostId", "Host id"), ("fingerprint", "Host key"),
    ];

    private static readonly (string Property, string Title)[] Lists =
    [
        ("partitions", "Partitions"), ("networks", "WiFi"), ("authorizedKeys", "Logins"), ("files", "Files"),
    ];

    public static Command Create(Runner run) => new("card", "Look at SD cards and card images") { Show(run) };

    private static Command Show(Runner run)
    {
        var path = new Argument<string>("path") { Description = "A card image that is not compressed, or a disk such as /dev/sdb" };
        var json = JsonOption.Create();
        return run.Bind(new Command("show", "Tell whose card it is: names and fingerprints, no secret") { path, json }, async (session, parsed, stop) =>
        {
            using var workspace = Workspace.Open(session);
            var asked = Path.GetFullPath(parsed.GetRequiredValue(path), session.Context.WorkingDirectory);
            var card = await ProviderFunction.CallAsync(
                workspace.Project, Token, PropertyMap.Of(("path", asked)), session.Context.Time, (_, _) => { }, session.Error.Warn, stop);
            if (parsed.GetValue(json))
            {
                session.Print(StepJson.Of(card, showSecrets: false).ToString(Formatting.Indented));
            }
            else
            {
                session.Out.Write(Lines(card));
            }

            return Texts(card, "problems").Any() ? ExitCodes.Error : ExitCodes.Success;
        });
    }

    private static IEnumerable<StyledLine> Lines(PropertyMap card)
    {
        foreach (var (property, title) in Singles)
        {
            if (card.TryGetValue(property, out var value) && value.TryGetText(out var text))
            {
                yield return Line(title, text);
            }
        }

        foreach (var (property, title) in Lists)
        {
            foreach (var (text, index) in Texts(card, property).Select((text, index) => (text, index)))
            {
                yield return Line(index == 0 ? title : string.Empty, text);
            }
        }

        foreach (var problem in Texts(card, "problems"))
        {
            yield return Line("Problem", problem);
        }
    }

    private static StyledLine Line(string title, string text) => $"{title,-12}{text}";

    private static IEnumerable<string> Texts(PropertyMap card, string property) =>
        card.TryGetValue(property, out var value) && value is PropertyValue.Array list
            ? list.Items.Select(item => item.TryGetText(out var text) ? text : string.Empty)
            : [];
}
