using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Deployments.Urns;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class UrnTests
{
    [Fact]
    public void A_child_carries_its_parents_types_but_never_the_stacks()
    {
        var stack = Urn.Create("dev", "lamp", null, Urn.StackType, "lamp-dev");
        var group = Urn.Create("dev", "lamp", stack, "provisioner:index:HeadlessPi", "pi");
        var child = Urn.Create("dev", "lamp", group, "provisioner:index:Device", "pi-device");

        group.ToString().ShouldBe("urn:pulumi:dev::lamp::provisioner:index:HeadlessPi::pi");
        child.ToString().ShouldBe("urn:pulumi:dev::lamp::provisioner:index:HeadlessPi$provisioner:index:Device::pi-device");
        child.Type.ShouldBe("provisioner:index:Device");
        stack.IsStack.ShouldBeTrue();
    }

    [Theory]
    [InlineData("urn:pulumi:dev::lamp::a:b:C::name::with::colons", "name::with::colons")]
    [InlineData("urn:pulumi:dev::lamp::a:b:C$d:e:F::", "")]
    public void A_name_may_hold_anything(string text, string name)
    {
        Urn.Parse(text).Name.ShouldBe(name);
        Urn.Parse(text).ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("urn:pulumi:dev::lamp::a:b:C")]
    [InlineData("pulumi:dev::lamp::a:b:C::d")]
    public void What_is_no_urn_is_refused(string text) => Should.Throw<FormatException>(() => Urn.Parse(text));

    [Theory]
    [InlineData("urn:pulumi:dev::lamp::a:b:C::pi", true)]
    [InlineData("urn:pulumi:dev::lamp::a:b:*::pi", true)]
    [InlineData("urn:pulumi:*::lamp::a:b:C::p*", true)]
    [InlineData("**::pi", true)]
    [InlineData("*pi", false)]
    [InlineData("urn:pulumi:dev::lamp::*::pi", false)]
    [InlineData("urn:pulumi:dev::lamp::**::pi", true)]
    [InlineData("urn:pulumi:dev::lamp::a:b:C::p.", false)]
    public void A_glob_stays_within_a_part_unless_it_is_doubled(string pattern, bool matches) =>
        new TargetSelector([pattern]).Names("urn:pulumi:dev::lamp::a:b:C::pi").ShouldBe(matches);

    [Fact]
    public void A_provider_reference_is_a_providers_urn_and_an_id()
    {
        var reference = ProviderReference.Parse("urn:pulumi:dev::lamp::pulumi:providers:provisioner::default::1b4e");

        reference.Id.ShouldBe("1b4e");
        reference.Package.ShouldBe("provisioner");
        reference.ToString().ShouldBe("urn:pulumi:dev::lamp::pulumi:providers:provisioner::default::1b4e");
        Should.Throw<FormatException>(() => ProviderReference.Parse("urn:pulumi:dev::lamp::a:b:C::pi::1b4e"));
    }

    [Theory]
    [InlineData("", "", "default")]
    [InlineData("1.2.3", "", "default_1_2_3")]
    [InlineData("1.2.3-alpha.1", "", "default_1_2_3_alpha_1")]
    public void A_default_provider_is_named_after_its_version(string version, string url, string name) =>
        ProviderInputs.DefaultName(new PackageRequest("provisioner", version, url)).ShouldBe(name);

    [Fact]
    public void A_child_whose_parent_was_renamed_is_looked_for_under_the_parents_former_name()
    {
        var parent = Urn.Parse("urn:pulumi:dev::lamp::x:y:Group::new");
        var former = Urn.Parse("urn:pulumi:dev::lamp::x:y:Cluster::old");

        AliasResolver.Resolve(Urn.Create("dev", "lamp", parent, "a:b:C", "new-disk"), parent, former, [])
            .ShouldBe(["urn:pulumi:dev::lamp::x:y:Cluster$a:b:C::old-disk"]);
    }

    [Fact]
    public void An_alias_changes_only_the_parts_it_names()
    {
        var urn = Urn.Parse("urn:pulumi:dev::lamp::x:y:Group$a:b:C::disk");
        var parent = Urn.Parse("urn:pulumi:dev::lamp::x:y:Group::g");

        AliasResolver.Resolve(urn, parent, null,
            [new ResourceAlias.Parts("ssd", null, null, null, null), new ResourceAlias.Parts(null, null, null, null, string.Empty), new ResourceAlias.Exact("urn:pulumi:a::b::c::d")])
            .ShouldBe(["urn:pulumi:dev::lamp::x:y:Group$a:b:C::ssd", "urn:pulumi:dev::lamp::a:b:C::disk", "urn:pulumi:a::b::c::d"]);
    }
}
