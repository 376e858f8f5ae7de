using CliWrap;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Tests.Hosting;
using Provisioner.Provider.Tests.Remote;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Cards;

/// <summary>The plugin is killed (SIGKILL) while it writes. How far it got is exact: the image is a pipe, and no more comes out of it.</summary>
public sealed class CardKillTests
{
    private const int RootMiB = 400;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(99.9)]
    public async Task A_card_whose_writing_was_killed_does_not_look_bootable_and_the_next_run_writes_it_whole(double percent)
    {
        using var folder = new TemporaryFolder();
        var image = await TestImage.MakeAsync(folder, RootMiB);
        var sha256 = await TestImage.Sha256Async(image);
        var pipe = folder["pipe.img"];
        var card = folder["lamp.img"];
        await Tool.RunAsync("mkfifo", pipe);
        var inputs = SdCardWorld.Inputs(pipe, sha256, card);

        await KillAtAsync(inputs, image, pipe, card, percent);

        CardContents.Read(card).Condition.ShouldBe(CardCondition.Unfinished);
        SdCardWorld.Bytes(card, 510, 2).ShouldNotBe([0x55, 0xaa]);

        File.Delete(pipe);
        File.Move(image, pipe);
        await using (var engine = await EngineRecorder.StartAsync())
        await using (var plugin = await Process.StartAsync(engine))
        {
            await SdCardWorld.CreateAsync(plugin.Client, inputs);
        }

        await Tool.RunAsync("cmp", "-i", $"{CardLayout.IdentityEnd}", pipe, card);
        CardSummary.Of(CardContents.Read(card)).ShouldSatisfyAllConditions(summary => summary.Condition.ShouldBe("bootable"), summary => summary.Problems.ShouldBeEmpty());
    }

    private static async Task KillAtAsync(PropertyMap inputs, string image, string pipe, string card, double percent)
    {
        await using var engine = await EngineRecorder.StartAsync();
        await using var plugin = await Process.StartAsync(engine);
        var creating = SdCardWorld.CreateAsync(plugin.Client, inputs);

        // The first buffer is always let through: before it, nothing has begun.
        var length = Math.Max(4 << 20, (long)(new FileInfo(image).Length * percent / 100));
        await using var feed = new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await using (var source = File.OpenRead(image))
        {
            var buffer = new byte[1 << 20];
            for (long done = 0; done < length;)
            {
                var count = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - done)));
                await feed.WriteAsync(buffer.AsMemory(0, count));
                done += count;
            }
        }

        // Nobody else may open it while it is being written; its length says that the mark stands in it.
        await Tool.UntilAsync(() => File.Exists(card) && new FileInfo(card).Length >= CardLayout.Block, "the writing has begun");
        creating.IsCompleted.ShouldBeFalse();
        await plugin.KillAsync();
        await Should.ThrowAsync<RpcException>(creating);
    }

    /// <summary>The built plugin as a process.</summary>
    private sealed class Process : IAsyncDisposable
    {
        private readonly CancellationTokenSource _kill = new();
        private readonly GrpcChannel _channel;
        private readonly Task _run;

        private Process(GrpcChannel channel, Task run, CancellationTokenSource kill) => (_channel, _run, _kill) = (channel, run, kill);

        public ResourceProvider.ResourceProviderClient Client => new(_channel);

        public static async Task<Process> StartAsync(EngineRecorder engine)
        {
            var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            var kill = new CancellationTokenSource();
            var run = Cli.Wrap(Path.Combine(AppContext.BaseDirectory, "pulumi-resource-provisioner"))
                .WithArguments([engine.Address])
                .WithValidation(CommandResultValidation.None)
                .WithStandardOutputPipe(PipeTarget.ToDelegate(line => port.TrySetResult(int.Parse(line, provider: null))))
                .ExecuteAsync(kill.Token);
            var process = new Process(GrpcChannel.ForAddress($"http://127.0.0.1:{await port.Task}"), run.Task, kill);
            await process.Client.ConfigureAsync(new ConfigureRequest { Args = new Struct(), AcceptSecrets = true });
            return process;
        }

        public async Task KillAsync()
        {
            await _kill.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(_run);
        }

        public async ValueTask DisposeAsync()
        {
            await _kill.CancelAsync();
            await _run.ContinueWith(_ => { }, TaskScheduler.Default);
            _channel.Dispose();
            _kill.Dispose();
        }
    }
}
