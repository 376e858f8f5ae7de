namespace Pulumi.Testing;

/// <summary>What a program under test sees around it.</summary>
public class TestOptions
{
    /// <summary>The project's name; <c>project</c> if null.</summary>
    public string? ProjectName { get; set; }

    /// <summary>The stack's name; <c>stack</c> if null.</summary>
    public string? StackName { get; set; }

    /// <summary>The organization's name; <c>organization</c> if null.</summary>
    public string? OrganizationName { get; set; }

    /// <summary>The folder of Pulumi.yaml; <c>rootDirectory</c> if null.</summary>
    public string? RootDirectory { get; set; }

    /// <summary>Whether it runs as a preview, in which outputs that no mock gives are unknown; true if null.</summary>
    public bool? IsPreview { get; set; }
}
