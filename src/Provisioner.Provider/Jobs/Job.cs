using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Jobs;

/// <summary>
/// Long work on a device: it runs detached, with its log, its steps and its exit status kept in a folder of root's, so that a
/// lost connection loses nothing. Whoever wants the same job again while it runs is attached to it.
/// </summary>
/// <param name="Kind">One lower-case word, such as <c>install</c>: jobs of a kind take about as long as each other.</param>
/// <param name="Title">For people: what it is about.</param>
/// <param name="Steps">In their order. Each runs under <c>set -eu</c> in a shell of its own, with <c>$job</c> naming the job's folder.</param>
internal sealed record Job(string Kind, string Title, ImmutableArray<JobStep> Steps)
{
    private const int DigestLength = 12;

    /// <summary>Where jobs are kept on a device.</summary>
    public const string DefaultFolder = "/var/lib/provisioner/jobs";

    /// <summary>Where this one is kept, in a folder of its own below it.</summary>
    public string Folder { get; init; } = DefaultFolder;

    /// <summary>How long it may take, from its first step on.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromHours(6);

    /// <summary>The same for the same work, and another one for other work.</summary>
    public string Id => $"{Kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Steps.Select(step => $"{step.Name}\0{step.Script.Source}")))))[..DigestLength]}";

    /// <summary>For a preview: the title, and the steps below it.</summary>
    public string Sentence => PlanText.WithParts($"{Title}, as a job that goes on without a connection", Steps.Select(step => step.Sentence));
}

/// <summary>One step of a job.</summary>
/// <param name="Name">One lower-case word, by which its duration is remembered.</param>
/// <param name="Sentence">For people, without a full stop.</param>
/// <param name="Script">What runs. It holds no secret: it is kept on the device.</param>
internal sealed record JobStep(string Name, string Sentence, Shell Script)
{
    /// <summary>What a person should know or do when this step fails.</summary>
    public string? WhenItFails { get; init; }
}
