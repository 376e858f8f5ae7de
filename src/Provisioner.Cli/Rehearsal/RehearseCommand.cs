using System.CommandLine;
using Provisioner.Cli.Commands;
using Provisioner.Cli.Sessions;
using Provisioner.Cli.Terminal;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Rehearsal;

/// <summary><c>rehearse</c>: the main job on a virtual Pi, with a proof of each promise.</summary>
internal static class RehearseCommand
{
    private const string Stack = "dev";
    private const string PassphraseVariable = "PULUMI_CONFIG_PASSPHRASE";

    /// <summary>Protects the demo stack only, whose secrets are those of a virtual house; the README names it.</summary>
    private const string DemoPassphrase = "lamp";

    public static Command Create(Runner run)
    {
        var keep = new Option<bool>("--keep") { Description = "Leave the virtual Pi running at the end, and say how to go on by hand" };
        var only = new Option<string?>("--only")
        {
            Description = $"Show one part only, on the virtual Pi that an earlier --keep has left on, and leave it on: {string.Join("; ", MainJob.Parts.Select(part => $"{part.Name} ({part.What})"))}",
            HelpName = "part",
        };
        only.AcceptOnlyFromAmong([.. MainJob.Parts.Select(part => part.Name)]);
        return run.Bind(
            new Command("rehearse", "Do the main job on a virtual Pi, from nothing, and prove that it holds") { keep, only },
            (session, parsed, stop) => RunAsync(session, parsed.GetValue(keep), parsed.GetValue(only), stop));
    }

    private static async Task<int> RunAsync(Session session, bool keep, string? only, CancellationToken stop)
    {
        var context = session.Context;
        var machine = new PiMachines(PiHome.FromEnvironment(context.Time)).Get();
        using var workspace = Workspace.Open(session);
        using var files = new RehearsalFiles(workspace, Stack, machine.SerialLog);
        var typist = new Typist(context with { WorkingDirectory = workspace.Project.Directory, Variable = WithDemoPassphrase(context.Variable) }, session.Out);
        await using var watch = new SecretWatch(MainJob.Secrets, context.Time);
        var job = new MainJob(new Stage(typist, machine, Stack, files), watch);
        var results = await ShowAsync(only is null ? job.Proofs : job.Part(only), session, stop);

        session.Out.Write([StyledLine.Empty, .. ProofTable.Lines(results)]);
        await LeaveAsync(machine, keep || only is not null, session, stop);
        return results.All(result => result.Verdict == Verdict.Passed) ? ExitCodes.Success : ExitCodes.Error;
    }

    private static async Task<IReadOnlyList<ProofResult>> ShowAsync(IReadOnlyList<Proof> proofs, Session session, CancellationToken stop)
    {
        var results = new List<ProofResult>();
        foreach (var proof in proofs)
        {
            if (results.Exists(result => result.Verdict != Verdict.Passed))
            {
                results.Add(new ProofResult(proof.Title, Verdict.NotReached, TimeSpan.Zero, string.Empty));
                continue;
            }

            session.Out.Write([StyledLine.Empty, new StyledLine(new Piece($"== {results.Count + 1}/{proofs.Count} {proof.Title}", Tone.Heading))]);
            var started = session.Context.Time.GetTimestamp();
            try
            {
                await proof.ShowAsync(stop);
                results.Add(new ProofResult(proof.Title, Verdict.Passed, session.Context.Time.GetElapsedTime(started), string.Empty));
            }
            catch (Exception failure) when (failure is ProofFailedException or PiException or IOException)
            {
                results.Add(new ProofResult(proof.Title, Verdict.Failed, session.Context.Time.GetElapsedTime(started), failure.Message));
            }
        }

        return results;
    }

    private static async Task LeaveAsync(PiMachine machine, bool keep, Session session, CancellationToken stop)
    {
        if (!keep)
        {
            await machine.StopAsync(stop);
            return;
        }

        if (!machine.IsOn)
        {
            return;
        }

        session.Out.Write(
        [
            StyledLine.Empty,
            $"The virtual Pi \"{machine.Name}\" is still on. To go on by hand:",
            $"  export {PassphraseVariable}={DemoPassphrase}",
            $"  ./{CommandLine.Name} stack select {Stack}",
            $"  ./{CommandLine.Name} config set flake {SystemProofs.FlakeOf(machine)}",
            $"  ./{CommandLine.Name} pi ssh              log in, past the WiFi; change something",
            $"  ./{CommandLine.Name} preview             what differs",
            $"  ./{CommandLine.Name} up                  repair it",
            $"  ./{CommandLine.Name} pi stop             switch it off",
        ]);
    }

    /// <summary>Somebody who has set another passphrase means it.</summary>
    private static Func<string, string?> WithDemoPassphrase(Func<string, string?> variable) => name =>
        name == PassphraseVariable && variable(name) is null && variable($"{PassphraseVariable}_FILE") is null ? DemoPassphrase : variable(name);
}
