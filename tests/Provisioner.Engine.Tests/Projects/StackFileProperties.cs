using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Provisioner.Engine.Projects;

namespace Provisioner.Engine.Tests.Projects;

public sealed class StackFileProperties
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => new string([.. text.Get.Where(character => !char.IsSurrogate(character))])),
        Gen.Elements("", " ", "true", "Yes", "null", "~", "007", "0x1F", "1e3", ".5", "-", "- a", "a: b", "a #b", "#a", "'", "\"", "{", "[x]", "*a", "&a", "!a", "|", ">", "%", "@", "`", "\t", "a\tb", "\n", "a\nb", "\r", "2026-01-01", "\u0085", "\u2028", "\ufeff", "ä", "日本", "💡", "---", "...", "v1:a=:b==", "secure", "x:"));

    private static readonly Gen<StackValue> Values = Value(3);

    [Property(MaxTest = 100)]
    public Property Any_value_set_in_any_file_is_read_back_and_the_others_stay() =>
        Prop.ForAll(
            Gen.Zip(Gen.Zip(Texts, Texts), Gen.Zip(Values, Values)).ToArbitrary(),
            given =>
            {
                var ((first, second), (one, two)) = given;
                var file = StackFileTests.Parse("# top\nconfig:\n  lamp:kept: [1, two] # note\n")
                    .Set(Key("a"), StackValue.OfText(first))
                    .Set(Key("b"), one)
                    .Set(Key("c"), StackValue.OfText(second))
                    .Set(Key("a"), two)
                    .Set(Key("b"), StackValue.OfText(first));

                file.Get(Key("a")).ShouldBe(two);
                file.Get(Key("b")).ShouldBe(StackValue.OfText(first));
                file.Get(Key("c")).ShouldBe(StackValue.OfText(second));
                file.ToString().ShouldStartWith("# top\nconfig:\n  lamp:kept: [1, two] # note\n");
                file.Remove(Key("a")).Remove(Key("b")).Remove(Key("c")).ToString().ShouldBe("# top\nconfig:\n  lamp:kept: [1, two] # note\n");
            });

    private static ConfigPath Key(string name) => new(new ConfigKey("lamp", name));

    private static Gen<StackValue> Value(int depth)
    {
        var scalar = Gen.OneOf(
            Texts.Select(StackValue.OfText),
            ArbMap.Default.GeneratorFor<int>().Select(number => (StackValue)new StackValue.Scalar($"{number}", ScalarKind.Integer)),
            ArbMap.Default.GeneratorFor<bool>().Select(flag => (StackValue)new StackValue.Scalar(flag ? "true" : "false", ScalarKind.Boolean)),
            Gen.Constant((StackValue)new StackValue.Scalar("", ScalarKind.Null)),
            Texts.Select(text => (StackValue)new StackValue.Secure(text)));
        if (depth == 0)
        {
            return scalar;
        }

        return Gen.OneOf(
            scalar,
            Gen.ListOf(Value(depth - 1), 3).Select(items => (StackValue)new StackValue.List([.. items])),
            Gen.ListOf(Gen.Zip(Texts, Value(depth - 1)), 3).Select(pairs => (StackValue)new StackValue.Map(
                pairs.Where(pair => pair.Item1 != "secure").DistinctBy(pair => pair.Item1)
                    .ToImmutableSortedDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal))));
    }
}
