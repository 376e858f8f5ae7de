namespace Pulumi.Tests;

public sealed class OptionTests
{
    [Fact]
    public async Task Every_option_is_sent()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() =>
        {
            var desk = new Lamp("desk", new LampArgs { Color = "red" });
            _ = new Lamp("wall", new LampArgs { Color = "red" }, new CustomResourceOptions
            {
                Protect = true,
                IgnoreChanges = { "color" },
                Version = "1.2.3",
                CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(5), Delete = TimeSpan.FromHours(1.5) },
                Aliases =
                {
                    new Alias { Name = "old", NoParent = true },
                    new Alias { Urn = "urn:pulumi:dev::lamp::home:index:Lamp::older" },
                    new Alias { Type = "home:index:Light", Parent = desk },
                },
                ReplaceOnChanges = { "*" },
                PluginDownloadURL = "https://example.org",
                RetainOnDelete = false,
                DeletedWith = desk,
                ReplaceWith = { desk },
                HideDiffs = { "brightness" },
                ReplacementTrigger = "v2",
                DeleteBeforeReplace = false,
                AdditionalSecretOutputs = { "serial" },
                ImportId = "abc",
            });
        })).ShouldBe(0);

        var desk = RecordingEngine.Urn("home:index:Lamp", "desk");
        engine.Registration("wall").ShouldSatisfyAllConditions(
            request => request.Protect.ShouldBeTrue(),
            request => request.IgnoreChanges.ShouldBe(["color"]),
            request => request.Version.ShouldBe("1.2.3"),
            request => request.CustomTimeouts.Create.ShouldBe("300000000000ns"),
            request => request.CustomTimeouts.Update.ShouldBeEmpty(),
            request => request.CustomTimeouts.Delete.ShouldBe("5400000000000ns"),
            request => request.Aliases[0].Spec.ShouldBe(new Wire.Rpc.Alias.Types.Spec { Name = "old", NoParent = true }),
            request => request.Aliases[1].Urn.ShouldBe("urn:pulumi:dev::lamp::home:index:Lamp::older"),
            request => request.Aliases[2].Spec.ShouldBe(new Wire.Rpc.Alias.Types.Spec { Type = "home:index:Light", ParentUrn = desk }),
            request => request.ReplaceOnChanges.ShouldBe(["*"]),
            request => request.PluginDownloadUrl.ShouldBe("https://example.org"),
            request => request.HasRetainOnDelete.ShouldBeTrue(),
            request => request.RetainOnDelete.ShouldBeFalse(),
            request => request.DeletedWith.ShouldBe(desk),
            request => request.ReplaceWith.ShouldBe([desk]),
            request => request.HideDiffs.ShouldBe(["brightness"]),
            request => request.ReplacementTrigger.StringValue.ShouldBe("v2"),
            request => request.DeleteBeforeReplaceDefined.ShouldBeTrue(),
            request => request.DeleteBeforeReplace.ShouldBeFalse(),
            request => request.AdditionalSecretOutputs.ShouldBe(["serial"]),
            request => request.ImportId.ShouldBe("abc"));
    }

    [Fact]
    public async Task What_is_not_asked_for_is_not_sent()
    {
        await using var engine = await RecordingEngine.StartAsync();

        await engine.RunAsync(() => _ = new Lamp("desk", new LampArgs { Color = "red" }));

        engine.Registration("desk").ShouldSatisfyAllConditions(
            request => request.HasProtect.ShouldBeFalse(),
            request => request.HasRetainOnDelete.ShouldBeFalse(),
            request => request.DeleteBeforeReplaceDefined.ShouldBeFalse(),
            request => request.CustomTimeouts.ShouldBeNull(),
            request => request.ReplacementTrigger.ShouldBeNull(),
            request => request.Provider.ShouldBeEmpty());
    }

    [Fact]
    public async Task An_option_that_the_engine_does_not_know_is_refused_by_its_name()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.Features = ["resourceReferences"];

        (await engine.RunAsync(() =>
        {
            var desk = new Lamp("desk", new LampArgs { Color = "red" });
            _ = new Lamp("wall", new LampArgs { Color = "red" }, new CustomResourceOptions { DeletedWith = desk });
        })).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldContain("DeletedWith");
    }

    [Fact]
    public async Task Children_inherit_protection_and_the_provider_of_their_package()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() =>
        {
            var provider = new ProviderResource("home", "mine", ResourceArgs.Empty);
            var other = new ProviderResource("garden", "other", ResourceArgs.Empty);
            _ = new Room("study", new ComponentResourceOptions { Protect = true, Providers = { provider, other } });
        })).ShouldBe(0);

        engine.Registration("study-first").ShouldSatisfyAllConditions(
            request => request.Protect.ShouldBeTrue(),
            request => request.Provider.ShouldBe(RecordingEngine.Urn("pulumi:providers:home", "mine") + "::mine-id"));
        engine.Registration("study").Provider.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_component_takes_one_provider_or_several_and_not_both()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() =>
        {
            var provider = new ProviderResource("home", "mine", ResourceArgs.Empty);
            _ = new Room("study", new ComponentResourceOptions { Provider = provider, Providers = { provider } });
        })).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldContain("not both");
    }

    [Fact]
    public void Merging_joins_lists_and_takes_the_second_ones_single_values()
    {
        var first = new CustomResourceOptions { Protect = true, Version = "1", IgnoreChanges = { "a" }, AdditionalSecretOutputs = { "x" } };
        var second = new CustomResourceOptions { Protect = false, IgnoreChanges = { "b" }, ImportId = "i" };

        var merged = CustomResourceOptions.Merge(first, second);

        merged.ShouldSatisfyAllConditions(
            options => options.Protect.ShouldBe(false),
            options => options.Version.ShouldBe("1"),
            options => options.IgnoreChanges.ShouldBe(["a", "b"]),
            options => options.AdditionalSecretOutputs.ShouldBe(["x"]),
            options => options.ImportId.ShouldBe("i"));
        first.IgnoreChanges.ShouldBe(["a"]);
        first.Protect.ShouldBe(true);
        CustomResourceOptions.Merge(null, null).Protect.ShouldBeNull();
    }

    [Fact]
    public async Task An_alias_is_either_a_urn_or_its_parts()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() => _ = new Lamp("desk", new LampArgs { Color = "red" }, new CustomResourceOptions
        {
            Aliases = { new Alias { Urn = "urn:pulumi:dev::lamp::home:index:Lamp::older", Name = "old" } },
        }))).ShouldBe(32);

        engine.ErrorLogs.ShouldHaveSingleItem().ShouldContain("Alias with a Urn");
    }
}
