using Provisioner.Cli.Commands;
using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Tests;

/// <summary>A project, a backend and a home of their own in a temporary folder, and the command line run in them.</summary>
internal sealed class TestWorld : IDisposable
{
    /// <summary>The passphrase behind <see cref="Salt"/>.</summary>
    public const string Passphrase = "correct horse";

    /// <summary>A stack's salt, so that not every test has to make one, which takes a second.</summary>
    public const string Salt = "v1:AAECAwQFBgc=:v1:EBESExQVFhcYGRob:4w5V4XTUy2mRbxIEeXVP/gg+jdpTxA==";

    public TestWorld()
    {
        Folder = Directory.CreateTempSubdirectory("provision-test-").FullName;
        Variables = new(StringComparer.Ordinal)
        {
            ["HOME"] = Folder,
            ["PULUMI_HOME"] = Path.Combine(Folder, "pulumi-home"),
            ["PULUMI_BACKEND_URL"] = "file://" + Folder,
            ["PULUMI_CONFIG_PASSPHRASE"] = Passphrase,
        };
        Write("Pulumi.yaml", """
            name: lamp
            runtime: nodejs
            config:
              ssid:
                type: string
                description: the WiFi's name
              channel:
                type: integer
                default: 6
              wifiPassword:
                type: string
                secret: true
            """);
    }

    public string Folder { get; }

    public Dictionary<string, string?> Variables { get; }

    public ScriptedPrompts? Prompts { get; set; }

    /// <summary>What stands between the command and its output; null for nothing.</summary>
    public Func<TextWriter, TextWriter>? Through { get; set; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Write(string name, string content) => File.WriteAllText(PathOf(name), content);

    public string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>Makes and selects a stack whose file has <see cref="Salt"/>.</summary>
    public async Task<TestWorld> WithStackAsync(string stack = "dev", string config = "")
    {
        Write($"Pulumi.{stack}.yaml", $"encryptionsalt: {Salt}\n{config}");
        (await RunAsync("stack", "init", stack)).ShouldSucceed();
        return this;
    }

    /// <summary>Makes it a project with a program on Pulumi's Node SDK and the test provider, whose things are files in <c>things</c>, with a stack.</summary>
    /// <param name="program">JavaScript; <c>Thing</c>, <c>pulumi</c> and <c>secret</c> are there.</param>
    public Task<TestWorld> WithProgramAsync(string program)
    {
        Directory.CreateDirectory(PathOf("things"));
        Directory.CreateSymbolicLink(PathOf("node_modules"), Path.Combine(ThirdPartyEnds.Folder, "node_modules"));
        Write("package.json", "{}");
        File.Copy(Path.Combine(ThirdPartyEnds.Folder, "programs", "world.js"), PathOf("world.js"));
        Write("Pulumi.yaml", $$"""
            name: lamp
            runtime: nodejs
            main: index.js
            plugins:
              providers:
                - name: world
                  path: {{Path.Combine(ThirdPartyEnds.Folder, "providers", "world")}}
            """);
        Program(program);
        return WithStackAsync(config: $"config:\n  world:folder: {PathOf("things")}\n  lamp:word: {{secure: \"v1:ICEiIyQlJicoKSor:nFPr6dysmwj6EklMl6Juz2FE898sBEY=\"}}\n");
    }

    /// <summary>Gives the project another program.</summary>
    public void Program(string program) =>
        Write("index.js", "const { pulumi, Thing } = require('./world.js');\nconst secret = new pulumi.Config().requireSecret('word');\n" + program);

    public Task<Outcome> RunAsync(params string[] arguments) => RunAsync(arguments, input: string.Empty);

    public async Task<Outcome> RunAsync(string[] arguments, string input, CancellationToken? stop = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var reader = new StringReader(input);
        var context = new CliContext
        {
            Output = Through?.Invoke(output) ?? output,
            Error = error,
            Input = () => reader,
            InputIsTerminal = Prompts is not null,
            OutputIsTerminal = Prompts is not null,
            Variable = name => Variables.GetValueOrDefault(name),
            WorkingDirectory = Folder,
            Size = () => new TerminalSize(160, 40),
            HomeDirectory = Folder,
            Prompts = (IPrompts?)Prompts ?? new NoPrompts(),
        };
        var code = await CommandLine.RunAsync(arguments, context, stop ?? TestContext.Current.CancellationToken);
        return new Outcome(code, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private sealed class NoPrompts : IPrompts
    {
        public Task<string> SecretAsync(string question, CancellationToken cancellationToken) => throw new InvalidOperationException($"asked: {question}");

        public Task<string> ChooseAsync(string question, IReadOnlyList<string> choices, CancellationToken cancellationToken) => throw new InvalidOperationException($"asked: {question}");

        public Task<string> TextAsync(string question, CancellationToken cancellationToken) => throw new InvalidOperationException($"asked: {question}");
    }
}

/// <summary>What a command came to.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    public string ShouldSucceed()
    {
        ExitCode.ShouldBe(0, Error);
        return Output;
    }

    public string ShouldFail(int exitCode)
    {
        ExitCode.ShouldBe(exitCode, Output + Error);
        Error.ShouldStartWith("error: ");
        return Error;
    }
}

/// <summary>A person at the terminal who gives these answers, in this order.</summary>
internal sealed class ScriptedPrompts(params string[] answers) : IPrompts
{
    private readonly Queue<string> _answers = new(answers);

    public List<string> Questions { get; } = [];

    public Task<string> SecretAsync(string question, CancellationToken cancellationToken) => Answer("secret: " + question);

    public Task<string> ChooseAsync(string question, IReadOnlyList<string> choices, CancellationToken cancellationToken) =>
        Answer($"{question} [{string.Join(", ", choices)}]");

    public Task<string> TextAsync(string question, CancellationToken cancellationToken) => Answer(question);

    private Task<string> Answer(string question)
    {
        Questions.Add(question);
        return Task.FromResult(_answers.Dequeue());
    }
}
