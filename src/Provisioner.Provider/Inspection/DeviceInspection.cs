using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Inspection;

/// <summary>Reads a device in one command.</summary>
/// <param name="fillRandom">Random bytes that nobody can guess.</param>
internal sealed class DeviceInspection(Action<Span<byte>> fillRandom)
{
    private const int WordBytes = 16;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <exception cref="DeviceUnreadableException">The answer is something else, although the command ended well.</exception>
    public async Task<DeviceFacts> ReadAsync(IRemote remote, CancellationToken cancellation)
    {
        var key = DigestKey.Create(fillRandom);
        var word = Word();
        var script = Script.Looking(InspectionScript.Source) with
        {
            Stdin = Payload.Secret($"{key.Word}\n{word}\n", key.Word),
            Deadline = Deadline,
        };
        ScriptResult answer;
        try
        {
            answer = await remote.RunAsync(script, cancellation);
        }
        catch (DeviceLinkLostException)
        {
            // Often for a reason that is over by then: another resource changed the way in, or sshd was restarted.
            answer = await remote.RunAsync(script, cancellation);
        }

        try
        {
            return DeviceFactsParser.Parse(answer.Text, word, key);
        }
        catch (FormatException odd)
        {
            throw new DeviceUnreadableException($"What {remote.Address.Display} says of itself is not readable", odd)
            {
                Where = remote.Address.Display,
                Why = odd.Message,
                Next = "run the same again; if it stays so, look at the device itself: its tools, or somebody in its place, answer something else",
            };
        }
    }

    private string Word()
    {
        Span<byte> bytes = stackalloc byte[WordBytes];
        fillRandom(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
