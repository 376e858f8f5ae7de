using Pulumi;

namespace Provisioner.Benchmarks;

/// <summary>The program: <c>count</c> files in groups of ten, whose first the others need. A tenth of them has the generation in its name, so that an update also creates and deletes.</summary>
internal static class FileProgram
{
    public static Task<int> RunAsync() => Deployment.RunAsync(() =>
    {
        var config = new Config("files");
        var (count, generation) = (config.RequireInt32("count"), config.RequireInt32("generation"));
        FileResource? first = null;
        for (var index = 0; index < count; index++)
        {
            var name = index % 10 == 9 && config.GetBoolean("renames") is true ? $"file-{index}-of-{generation}" : $"file-{index}";
            var resource = new FileResource(name, new FileArgs { Text = $"text {generation}", Of = index % 10 == 0 ? string.Empty : first!.Path });
            first = index % 10 == 0 ? resource : first;
        }
    });
}

internal sealed class FileArgs : ResourceArgs
{
    [Input("text")]
    public Input<string>? Text { get; set; }

    [Input("of")]
    public Input<string>? Of { get; set; }
}

internal sealed class FileResource(string name, FileArgs args, CustomResourceOptions? options = null) : CustomResource("files:index:File", name, args, options)
{
    [Output("path")]
    public Output<string> Path { get; private set; } = null!;
}
