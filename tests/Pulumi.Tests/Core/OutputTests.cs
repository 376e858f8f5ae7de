using Pulumi.Utilities;

namespace Pulumi.Tests;

public sealed class OutputTests
{
    [Fact]
    public async Task Apply_makes_an_output_of_what_the_function_answers() =>
        (await OutputUtilities.GetValueAsync(Output.Create(20).Apply(value => value + 1))).ShouldBe(21);

    [Fact]
    public async Task Apply_waits_for_tasks_and_inner_outputs()
    {
        var output = Output.Create(1)
            .Apply(async value =>
            {
                await Task.Yield();
                return value + 1;
            })
            .Apply(value => Output.Create(value + 1))
            .Apply(value => (Input<int>)(value + 1));

        (await OutputUtilities.GetValueAsync(output)).ShouldBe(4);
    }

    [Fact]
    public async Task An_output_that_depends_on_a_secret_is_a_secret()
    {
        var secret = Output.CreateSecret("hunter2");

        (await Output.IsSecretAsync(secret.Apply(value => value.Length))).ShouldBeTrue();
        (await Output.IsSecretAsync(Output.Create(1).Apply(_ => secret))).ShouldBeTrue();
        (await Output.IsSecretAsync(Output.Tuple(Output.Create(1), secret))).ShouldBeTrue();
        (await Output.IsSecretAsync(Output.All(Output.Create("a"), secret))).ShouldBeTrue();
        (await Output.IsSecretAsync(Output.Format($"password={secret}"))).ShouldBeTrue();
    }

    [Fact]
    public async Task An_output_is_a_secret_no_longer_when_somebody_says_so()
    {
        var output = Output.Unsecret(Output.CreateSecret("hunter2"));

        (await Output.IsSecretAsync(output)).ShouldBeFalse();
        (await OutputUtilities.GetValueAsync(output)).ShouldBe("hunter2");
    }

    [Fact]
    public async Task A_function_is_not_run_on_an_unknown_value()
    {
        var ran = false;
        var output = OutputUtilities.CreateUnknown("").Apply(value =>
        {
            ran = true;
            return value;
        });

        (await OutputUtilities.GetIsKnownAsync(output)).ShouldBeFalse();
        ran.ShouldBeFalse();
    }

    [Fact]
    public async Task One_unknown_value_makes_the_whole_unknown()
    {
        var unknown = OutputUtilities.CreateUnknown(0);

        (await OutputUtilities.GetIsKnownAsync(Output.Tuple(unknown, Output.Create(1)))).ShouldBeFalse();
        (await OutputUtilities.GetIsKnownAsync(Output.All(Output.Create(1), unknown))).ShouldBeFalse();
        (await OutputUtilities.GetIsKnownAsync(Output.Format($"{unknown}"))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_secret_stays_one_while_it_is_unknown() =>
        (await Output.IsSecretAsync(Output.CreateSecret(OutputUtilities.CreateUnknown(0)).Apply(value => value + 1))).ShouldBeTrue();

    [Fact]
    public async Task A_tuple_keeps_its_values_in_order()
    {
        var values = await OutputUtilities.GetValueAsync(Output.Tuple(
            Output.Create(1), Output.Create("two"), Output.Create(true), Output.Create(4.0),
            Output.Create("5"), Output.Create(6), Output.Create(7), Output.Create(8)));

        values.ShouldBe((1, "two", true, 4.0, "5", 6, 7, 8));
    }

    [Fact]
    public async Task Format_takes_outputs_inputs_and_plain_values()
    {
        Input<int> port = 22;

        var text = Output.Format($"ssh://{Output.Create("root")}@{"lamp"}:{port}/{1.5:0.00}");

        (await OutputUtilities.GetValueAsync(text)).ShouldBe("ssh://root@lamp:22/1.50");
    }

    [Fact]
    public void An_output_as_text_is_an_advice_and_never_the_value()
    {
        var text = Output.CreateSecret("hunter2").ToString();

        text.ShouldNotContain("hunter2");
        text.ShouldContain("Output.Format");
    }

    [Fact]
    public async Task An_absent_input_is_its_types_default()
    {
        Input<string>? absent = null;

        (await OutputUtilities.GetValueAsync(absent.ToOutput())).ShouldBeNull();
    }

    [Fact]
    public async Task An_exception_in_a_function_comes_out_of_the_output_as_it_was_thrown()
    {
        var thrown = new InvalidOperationException("no");

        var caught = await Should.ThrowAsync<InvalidOperationException>(
            OutputUtilities.GetValueAsync(Output.Create(1).Apply<int>(int (_) => throw thrown)));

        caught.ShouldBeSameAs(thrown);
    }
}
