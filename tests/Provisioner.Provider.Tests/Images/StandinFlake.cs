using Provisioner.Provider.Tests.Flakes;

namespace Provisioner.Provider.Tests.Images;

/// <summary>A repository with the stand-in flake.</summary>
internal static class StandinFlake
{
    public static async Task<FlakeRepository> CreateAsync(string without = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(SmallImage.Script)!, "flake");
        var repository = await FlakeRepository.CreateAsync(flake: await File.ReadAllTextAsync(Path.Combine(folder, "flake.nix")));
        repository.Write("build", await File.ReadAllTextAsync(Path.Combine(folder, "build")));

        // The script spoils images by planting passwords; the names of these must not make the flake a finding.
        repository.Write("make-image", (await File.ReadAllTextAsync(SmallImage.Script)).Replace("psk=", "p''sk=", StringComparison.Ordinal));
        repository.Write("without", without);
        repository.Write("stamp", Guid.NewGuid().ToString("n"));
        await repository.CommitAsync("the stand-in");
        return repository;
    }
}
