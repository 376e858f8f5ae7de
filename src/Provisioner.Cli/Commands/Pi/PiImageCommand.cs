using System.CommandLine;
using System.Security.Cryptography;
using Provisioner.Cli.Sessions;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Commands.Pi;

/// <summary><c>pi image</c>.</summary>
internal static class PiImageCommand
{
    public static Command Create(Runner run)
    {
        var path = new Argument<string>("path") { Description = "The file to write, ending with .img or .img.zst" };
        return run.Bind(new Command("image", "Write the virtual Pi's card image, for an SdCard to make a card of; prints its SHA-256") { path }, async (session, parsed, stop) =>
        {
            var file = Path.GetFullPath(parsed.GetRequiredValue(path), session.Context.WorkingDirectory);
            await using (var steps = new StepLines(session))
            {
                await PiCardImage.WriteAsync(PiHome.FromEnvironment(session.Context.Time), file, steps, stop);
            }

            await using var image = File.OpenRead(file);
            session.Print($"{Convert.ToHexStringLower(await SHA256.HashDataAsync(image, stop))}  {file}");
            return ExitCodes.Success;
        });
    }
}
