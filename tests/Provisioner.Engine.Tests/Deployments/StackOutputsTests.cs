using Provisioner.Engine.Deployments.Monitor;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class StackOutputsTests
{
    private static readonly PropertyMap Old = PropertyMap.Of(("a", "old a"), ("b", "old b"));

    [Fact]
    public void An_output_that_an_update_did_not_reach_keeps_its_value_and_a_new_one_is_left_out() =>
        Saying(("a", PropertyValue.UnknownValue), ("b", "new b"), ("c", PropertyValue.UnknownValue))
            .Over(Old, failed: false, preview: false)
            .ShouldBe(PropertyMap.Of(("a", "old a"), ("b", "new b")));

    [Fact]
    public void A_preview_shows_what_is_not_known_yet() =>
        Saying(("a", PropertyValue.UnknownValue)).Over(Old, failed: false, preview: true)["a"].ShouldBeOfType<PropertyValue.Unknown>();

    [Fact]
    public void After_a_failure_outputs_that_were_not_set_stay() =>
        Saying(("a", "new a")).Over(Old, failed: true, preview: false).ShouldBe(PropertyMap.Of(("a", "new a"), ("b", "old b")));

    [Fact]
    public void After_a_success_outputs_that_are_gone_from_the_program_go() =>
        Saying(("a", "new a")).Over(Old, failed: false, preview: false).ShouldBe(PropertyMap.Of(("a", "new a")));

    [Fact]
    public void A_program_that_ended_before_it_set_any_leaves_them_as_they_were() =>
        new StackOutputs().Over(Old, failed: true, preview: false).ShouldBe(Old);

    private static StackOutputs Saying(params (string Name, PropertyValue Value)[] outputs) => new() { Outputs = PropertyMap.Of(outputs) };
}
