using System.Collections.Immutable;
using Pulumi.Serialization;
using Pulumi.Wire;

namespace Pulumi.Tests;

public sealed class UnionTests
{
    [Fact]
    public async Task Values_inputs_and_outputs_of_either_type_become_a_union_input()
    {
        InputUnion<string, int> text = "dim";
        InputUnion<string, int> number = 5;
        InputUnion<string, int> input = (Input<int>)7;
        InputUnion<string, int> output = Output.Create("later");

        (await WriteAsync(text)).ShouldBe("dim");
        (await WriteAsync(number)).ShouldBe(5);
        (await WriteAsync(input)).ShouldBe(7);
        (await WriteAsync(output)).ShouldBe("later");
        (await WriteAsync(new InputUnion<string, int>())).ShouldBe(PropertyValue.NullValue);
    }

    [Fact]
    public async Task Lists_and_maps_of_unions_take_both()
    {
        var list = new InputList<Union<string, int>>();
        list.Add((Input<string>)"dim");
        list.Add((Input<int>)5);
        var map = new InputMap<Union<string, int>>();
        map.Add("a", (Input<int>)7);

        (await WriteAsync(list)).ShouldBe(new PropertyValue.Array(["dim", 5]));
        (await WriteAsync(map)).ShouldBe(new PropertyValue.Object(PropertyMap.Of(("a", (PropertyValue)7))));
    }

    [Fact]
    public void An_output_of_a_union_is_of_the_first_type_that_fits()
    {
        Read("dim").ShouldBe(Union<int, string>.FromT1("dim"));
        Read(5).ShouldBe(Union<int, string>.FromT0(5));
        var warnings = new List<string>();
        new OutputReader(warnings.Add).Read(true, typeof(Union<int, string>), "level", []).Value.ShouldBe(default(Union<int, string>));
        warnings.ShouldHaveSingleItem().ShouldContain("\"level\" is left out");
        OutputTypes.Check("level", typeof(ImmutableArray<Union<int, string>>));
        Should.Throw<InvalidOperationException>(() => OutputTypes.Check("level", typeof(Union<int, DateTime>)));
    }

    [Fact]
    public void A_union_knows_what_it_is()
    {
        Union<int, string> union = "dim";

        (union.IsT0, union.IsT1, union.AsT1, union.Value).ShouldBe((false, true, "dim", "dim"));
        Should.Throw<InvalidOperationException>(() => union.AsT0).Message.ShouldContain("String");
        union.Match(number => number.ToString(), text => text + "!").ShouldBe("dim!");
        union.MapT1(text => text.Length).ShouldBe(Union<int, int>.FromT1(3));
        union.TryPickT0(out _, out var rest).ShouldBeFalse();
        rest.ShouldBe("dim");
        (union == Union<int, string>.FromT1("dim")).ShouldBeTrue();
        (Union<int, int>.FromT0(1) == Union<int, int>.FromT1(1)).ShouldBeFalse();
    }

    private static Union<int, string> Read(PropertyValue value) =>
        (Union<int, string>)new OutputReader(warning => throw new InvalidOperationException(warning)).Read(value, typeof(Union<int, string>), "level", []).Value!;

    private static Task<PropertyValue> WriteAsync(object value) => new InputWriter(keepResources: true).WriteAsync("level", value);
}
