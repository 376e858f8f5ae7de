using System.Reflection;
using System.Runtime.CompilerServices;
using Pulumi;

namespace Provisioner.Tests;

/// <summary>The classes that programs use say the same as the records that the provider works with.</summary>
public sealed class TypedClassesTests
{
    public static TheoryData<Type, Type> Resources => new()
    {
        { typeof(HostIdentity), typeof(HostIdentityArgs) },
        { typeof(Device), typeof(DeviceArgs) },
        { typeof(WifiProfile), typeof(WifiProfileArgs) },
        { typeof(NixosSystem), typeof(NixosSystemArgs) },
        { typeof(SdImage), typeof(SdImageArgs) },
        { typeof(FirstBoot), typeof(FirstBootArgs) },
        { typeof(ZfsPool), typeof(ZfsPoolArgs) },
        { typeof(ZfsDataset), typeof(ZfsDatasetArgs) },
        { typeof(ZfsSnapshot), typeof(ZfsSnapshotArgs) },
        { typeof(Disk), typeof(DiskArgs) },
        { typeof(SdCard), typeof(SdCardArgs) },
    };

    [Theory]
    [MemberData(nameof(Resources))]
    public void Every_input_of_the_provider_is_an_input_of_the_class_and_no_other(Type resource, Type args)
    {
        var provider = Record(resource, "Args");
        var inputs = args.GetProperties().Select(property => property.GetCustomAttribute<InputAttribute>()).ToArray();
        Properties(provider).Select(property => Camel(property.Name)).Order().ShouldBe(args.GetProperties().Select(property => Camel(property.Name)).Order());
        inputs.ShouldAllBe(input => input != null);
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public void What_the_provider_requires_cannot_be_null_in_the_class(Type resource, Type args)
    {
        var nullability = new NullabilityInfoContext();
        var required = Properties(Record(resource, "Args")).Where(property => property.IsDefined(typeof(RequiredMemberAttribute))).Select(property => property.Name);
        args.GetProperties().Where(property => nullability.Create(property).WriteState == NullabilityState.NotNull).Select(property => property.Name).Order()
            .ShouldBe(required.Order());
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public void Every_output_of_the_class_is_one_of_the_provider(Type resource, Type args)
    {
        args.ShouldNotBeNull();
        var known = Properties(Record(resource, "State")).Select(property => Camel(property.Name)).ToHashSet(StringComparer.Ordinal);
        var outputs = resource.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        outputs.ShouldNotBeEmpty();
        foreach (var output in outputs)
        {
            output.GetCustomAttribute<OutputAttribute>()!.Name.ShouldBe(Camel(output.Name));
            known.ShouldContain(Camel(output.Name));
        }
    }

    [Fact]
    public void The_words_of_the_choices_are_the_providers()
    {
        ((string)WifiSecurity.WpaPsk).ShouldBe("wpa-psk");
        Words(typeof(WifiSecurity)).ShouldBe(Words(Record(typeof(WifiProfile), "Args").GetProperty("Security")!.PropertyType));
        Words(typeof(WifiDeletion)).ShouldBe(Words(Record(typeof(WifiProfile), "Args").GetProperty("OnDelete")!.PropertyType));
        Words(typeof(WifiBand)).ShouldBe(Words(Record(typeof(WifiProfile), "Args").GetProperty("Band")!.PropertyType));
        Words(typeof(WifiPowersave)).ShouldBe(Words(Record(typeof(WifiProfile), "Args").GetProperty("Powersave")!.PropertyType));
        Words(typeof(WifiIpMethod)).ShouldBe(Words(Record(typeof(WifiProfile), "Args").GetProperty("Ipv4")!.PropertyType.GetProperty("Method")!.PropertyType));
        Words(typeof(ZfsLayout)).ShouldBe(Words(Record(typeof(ZfsPool), "Args").GetProperty("Layout")!.PropertyType));
        Words(typeof(ZfsPoolDeletion)).ShouldBe(Words(Record(typeof(ZfsPool), "Args").GetProperty("OnDelete")!.PropertyType));
        Words(typeof(ZfsKeyFormat)).ShouldBe(Words(Record(typeof(ZfsDataset), "Args").GetProperty("KeyFormat")!.PropertyType));
        Words(typeof(ZfsDatasetDeletion)).ShouldBe(Words(Record(typeof(ZfsDataset), "Args").GetProperty("OnDelete")!.PropertyType));
        Words(typeof(ZfsSnapshotDeletion)).ShouldBe(Words(Record(typeof(ZfsSnapshot), "Args").GetProperty("OnDelete")!.PropertyType));
        Words(typeof(DiskTool)).ShouldBe(Words(Record(typeof(Disk), "Args").GetProperty("Tool")!.PropertyType));
        Words(typeof(DiskDeletion)).ShouldBe(Words(Record(typeof(Disk), "Args").GetProperty("OnDelete")!.PropertyType));
    }

    [Fact]
    public void The_words_for_images_are_the_providers()
    {
        Words(typeof(SdImageBuilder)).ShouldBe(Words(Record(typeof(SdImage), "Args").GetProperty("Builder")!.PropertyType));
        Words(typeof(SdImageBoard)).ShouldBe(Words(Record(typeof(SdImage), "Args").GetProperty("Board")!.PropertyType));
    }

    private static Assembly ProviderAssembly { get; } = Assembly.Load("pulumi-resource-provisioner");

    /// <summary>The words of a struct with static members, or of the provider's enum.</summary>
    private static string[] Words(Type type) => type.IsEnum
        ? [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => WireName(field) ?? Camel(field.Name)).Order()]
        : [.. type.GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => property.GetValue(null)!.ToString()!).Order()];

    private static string? WireName(FieldInfo field) => field.GetCustomAttributesData()
        .FirstOrDefault(attribute => attribute.AttributeType.Name == "WireNameAttribute")?.ConstructorArguments[0].Value as string;

    private static Type Record(Type resource, string kind) =>
        ProviderAssembly.GetType($"Provisioner.Provider.Resources.{resource.Name}.{resource.Name}{kind}", throwOnError: true)!;

    private static PropertyInfo[] Properties(Type record) =>
        [.. record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)];

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
