using System.Collections.Immutable;
using Provisioner.Provider.Resources.NixosSystem.Elsewhere;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>The list of what a system consists of, and the parts in which it is sent.</summary>
public sealed class ClosureTests
{
    private static readonly Closure System = Closure.Parse("/nix/store/c-system\n10 /nix/store/a-glibc\n20 /nix/store/b-bash\n5 /nix/store/c-system\n");

    [Fact]
    public void What_a_builder_prints_is_read_in_its_order()
    {
        System.Top.ShouldBe("/nix/store/c-system");
        System.Paths.ShouldBe([new StorePath("/nix/store/a-glibc", 10), new StorePath("/nix/store/b-bash", 20), new StorePath("/nix/store/c-system", 5)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello\n")]
    [InlineData("/nix/store/c-system\n")]
    [InlineData("/nix/store/c-system\n5 /nix/store/a-glibc\n")]
    [InlineData("/nix/store/c-system\nfive /nix/store/c-system\n")]
    [InlineData("/nix/store/c-system\n5 /home/c-system\n")]
    [InlineData("/nix/store/c-system\n/nix/store/c-system\n")]
    public void Anything_else_is_no_system(string answer) => Should.Throw<FormatException>(() => Closure.Parse(answer));

    [Theory]
    [InlineData(35, 10, "abc")]
    [InlineData(34, 10, "ab c")]
    [InlineData(29, 10, "a bc")]
    [InlineData(1, 10, "a b c")]
    [InlineData(100, 2, "ab c")]
    public void Parts_keep_the_order_and_are_no_larger_than_they_may_be_but_for_a_path_that_is_larger_by_itself(long largest, int most, string parts) =>
        Parts(System.Paths.Select(path => path.Path), largest, most).ShouldBe(parts);

    [Fact]
    public void What_is_there_already_is_in_no_part()
    {
        Parts(["/nix/store/c-system", "/nix/store/a-glibc"], 100, 10).ShouldBe("ac");
        Parts([], 100, 10).ShouldBe("");
    }

    private static string Parts(IEnumerable<string> missing, long largest, int most) =>
        string.Join(' ', System.Parts(missing.ToImmutableHashSet(), largest, most).Select(part => string.Concat(part.Select(path => path.Path["/nix/store/".Length]))));
}
