using System.Globalization;
using CliWrap;
using CliWrap.Buffered;

/// <summary>Processes of another user of this machine (nobody), as only root can start them.</summary>
internal static class OtherUser
{
    public const uint Id = 65534;

    // A gRPC call by hand: HTTP/2, five bytes of frame, the message. Prints what came back.
    private const string Caller = """
        const [port, method, message] = process.argv.slice(1);
        const body = Buffer.from(message, "base64");
        const frame = Buffer.alloc(5);
        frame.writeUInt32BE(body.length, 1);
        const session = require("http2").connect(`http://127.0.0.1:${port}`);
        const end = (word) => { console.log(word); process.exit(0); };
        session.on("error", () => end("no answer"));
        session.on("close", () => end("no answer"));
        const call = session.request({ ":method": "POST", ":path": method, "content-type": "application/grpc", te: "trailers" });
        call.on("error", () => end("no answer"));
        call.on("response", (headers) => end(`answered ${headers[":status"]}`));
        call.end(Buffer.concat([frame, body]));
        """;

    /// <summary>Skips the test where no process of another user can be started.</summary>
    public static void Require() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "a process of another user can be started by root only");

    /// <summary>A command that runs as the other user.</summary>
    public static Command Command(string program, params string[] arguments) => Cli.Wrap("setpriv")
        .WithArguments([$"--reuid={Id}", $"--regid={Id}", "--clear-groups", "--", program, .. arguments])
        .WithWorkingDirectory("/");

    /// <summary>Calls a gRPC method; "answered 200", or "no answer".</summary>
    /// <param name="asOther">As the other user; otherwise as this one.</param>
    public static async Task<string> CallAsync(int port, string method, byte[] message, bool asOther)
    {
        string[] arguments = ["-e", Caller, port.ToString(CultureInfo.InvariantCulture), method, Convert.ToBase64String(message)];
        var command = asOther ? Command("node", arguments) : Cli.Wrap("node").WithArguments(arguments);
        return (await command.ExecuteBufferedAsync()).StandardOutput.Trim();
    }
}
