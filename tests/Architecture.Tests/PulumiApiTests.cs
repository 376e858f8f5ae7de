using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Architecture.Tests;

/// <summary>
/// What this repository's programs use of Pulumi's .NET SDK must be in the official package too, for both build against the same
/// sources. pulumi-api.txt lists it; tests/compare-pulumi-api looks each line up in checkouts of the official SDK and of its Command package.
/// </summary>
public sealed class PulumiApiTests
{
    private static readonly string[] Sdk = ["Pulumi", "Pulumi.Command"];

    [Fact]
    public void What_programs_use_of_the_SDK_is_listed_and_nothing_else_is()
    {
        var used = Assemblies().SelectMany(Uses).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();

        string.Join('\n', used).ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pulumi-api.txt")).TrimEnd(), "pulumi-api.txt is out of date. Look each new line up with tests/compare-pulumi-api.");
    }

    /// <summary>infra, the typed resources, and the examples, as this build made them.</summary>
    private static IEnumerable<string> Assemblies()
    {
        var output = Path.GetRelativePath(Path.Combine(ReferenceTests.Root, "tests", "Architecture.Tests"), AppContext.BaseDirectory);
        return Directory.EnumerateDirectories(Path.Combine(ReferenceTests.Root, "infra", "examples"))
            .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
            .Append(Path.Combine(ReferenceTests.Root, "infra"))
            .Append(Path.Combine(ReferenceTests.Root, "src", "Provisioner"))
            .Select(folder => Path.Combine(folder, output, $"{Path.GetFileName(folder)}.dll"));
    }

    private static List<string> Uses(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var uses = new List<string>();
        foreach (var handle in metadata.TypeReferences)
        {
            if (TypeName(metadata, handle) is { } type)
            {
                uses.Add(type);
            }
        }

        foreach (var member in metadata.MemberReferences.Select(metadata.GetMemberReference))
        {
            if (TypeName(metadata, member.Parent) is { } type)
            {
                uses.Add($"{type}.{Readable(metadata.GetString(member.Name))}{Parameters(metadata, member)}");
            }
        }

        return uses;
    }

    /// <summary>A type of the SDK; null for every other.</summary>
    private static string? TypeName(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeSpecification)
        {
            // A generic type with its arguments: the definition is the first type in its signature.
            var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
            return signature.ReadSignatureTypeCode() == SignatureTypeCode.GenericTypeInstance && signature.ReadByte() > 0 ? TypeName(metadata, signature.ReadTypeHandle()) : null;
        }

        if (handle.Kind != HandleKind.TypeReference)
        {
            return null;
        }

        var type = metadata.GetTypeReference((TypeReferenceHandle)handle);
        return type.ResolutionScope.Kind == HandleKind.AssemblyReference
            && Sdk.Contains(metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name), StringComparer.Ordinal)
                ? $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"
                : null;
    }

    private static string Readable(string name) => name == ".ctor" ? "new" : name;

    private static string Parameters(MetadataReader metadata, MemberReference member)
    {
        if (member.GetKind() == MemberReferenceKind.Field)
        {
            return string.Empty;
        }

        var signature = metadata.GetBlobReader(member.Signature);
        if (signature.ReadSignatureHeader().IsGeneric)
        {
            signature.ReadCompressedInteger();
        }

        return FormattableString.Invariant($"({signature.ReadCompressedInteger()})");
    }
}
