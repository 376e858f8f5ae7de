using System.Collections.Immutable;
using FsCheck.Xunit;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Tests.Consent;

public sealed class ConsentTokenTests
{
    private static ConsentSubject Disk => new(
        "disk",
        "S49TNP0KA12345",
        [ConsentFact.Identity("serial", "S49TNP0KA12345"), ConsentFact.Identity("size", "500107862016"), new("partition table", "gpt"), new("partition 1", "vfat BOOT")],
        ["partition 1: vfat BOOT"]);

    private static ImmutableSortedDictionary<string, string> Given(string token) => ImmutableSortedDictionary<string, string>.Empty.Add(Disk.Key, token);

    [Fact]
    public void A_token_is_short_and_has_no_letters_that_look_alike()
    {
        ConsentToken.Of(Disk).ShouldMatch("^disk(-[0-9abcdefghjkmnpqrstvwxyz]{4}){4}$");

        // It must stay what it is: people have written it down.
        ConsentToken.Of(Disk).ShouldBe("disk-hnvq-0a84-h7j8-78nq");
        ConsentToken.Of(Disk with { Facts = [new("label", "b"), ConsentFact.Identity("label", "a"), new("label", "a")] }).ShouldBe("disk-yvg5-rbgg-r3np-p7bk");
    }

    [Property]
    public void The_order_of_the_facts_does_not_change_a_token((string? Name, string? Value, bool IsIdentity)[] facts, int seed)
    {
        var made = Facts(facts);
        var shuffled = made.ToArray();
        new Random(seed).Shuffle(shuffled);

        ConsentToken.Of(Disk with { Facts = [.. shuffled] }).ShouldBe(ConsentToken.Of(Disk with { Facts = made }));
    }

    [Property]
    public void Any_change_of_any_fact_changes_the_token((string? Name, string? Value, bool IsIdentity)[] facts, string? other)
    {
        var made = Facts(facts);
        var token = ConsentToken.Of(Disk with { Facts = made });
        for (var index = 0; index < made.Length; index++)
        {
            var fact = made[index];
            ImmutableArray<ConsentFact> changed =
            [
                fact with { Value = fact.Value + "x" }, fact with { Name = fact.Name + "x" }, fact with { IsIdentity = !fact.IsIdentity },
                new(fact.Name + fact.Value, "", fact.IsIdentity), new("", fact.Name + fact.Value, fact.IsIdentity), fact with { Value = other ?? "" },
            ];
            foreach (var change in changed.Where(change => change != fact))
            {
                ConsentToken.Of(Disk with { Facts = made.SetItem(index, change) }).ShouldNotBe(token);
            }

            ConsentToken.Of(Disk with { Facts = made.RemoveAt(index) }).ShouldNotBe(token);
        }

        ConsentToken.Of(Disk with { Facts = made, Key = "S49TNP0KA12346" }).ShouldNotBe(token);
        ConsentToken.Of(Disk with { Facts = made, Kind = "pool" }).ShouldNotBe(token);
        ConsentToken.Of(Disk with { Facts = made, Losses = [] }).ShouldBe(token);
    }

    [Fact]
    public void The_token_that_fits_is_consent_however_it_was_typed()
    {
        ConsentCheck.Of(Disk, Given($" {ConsentToken.Of(Disk).ToUpperInvariant()}\n"), "wipe it").ShouldBeNull();
    }

    [Fact]
    public void A_refusal_tells_what_would_be_lost_and_the_command_that_agrees()
    {
        var refusal = ConsentCheck.Of(Disk, ImmutableSortedDictionary<string, string>.Empty, "wipe the disk S49TNP0KA12345")!;

        refusal.ToString().ShouldBe(
            """
            up will refuse to wipe the disk S49TNP0KA12345
              it needs your consent, and none is given for S49TNP0KA12345
              it is now:
                serial: S49TNP0KA12345
                size: 500107862016
                partition table: gpt
                partition 1: vfat BOOT
              lost would be:
                partition 1: vfat BOOT
              if that is what you want: ./provision config set --path consent.S49TNP0KA12345 disk-hnvq-0a84-h7j8-78nq
            """);
        refusal.Token.ShouldBe(ConsentToken.Of(Disk));
        Refusal.Error([refusal], "root@lamp").Message.ShouldStartWith("Refused to wipe the disk S49TNP0KA12345\n  where: root@lamp\n  why:   it needs your consent");
    }

    [Fact]
    public void An_old_token_is_refused_with_what_it_was_for_and_what_is_there_now()
    {
        var old = ConsentToken.Of(Disk);
        var emptied = Disk with { Facts = Disk.Facts.RemoveAt(3) };
        var other = Disk with { Facts = Disk.Facts.SetItem(1, ConsentFact.Identity("size", "4096")) };

        Why(emptied, old).ShouldEndWith("does not fit: it was for this disk as it was then, and something about it has changed since");
        Why(other, old).ShouldEndWith("it was for another disk than this one");
        Why(Disk with { Kind = "pool" }, old).ShouldEndWith("it was for a disk, and this is a pool");
        Why(Disk, old[..12]).ShouldEndWith("it is no token of this form, or not a whole one");
        Why(Disk, "yes").ShouldEndWith("it is no token of this form, or not a whole one");
        ConsentCheck.Of(emptied, Given(old), "wipe it")!.Facts.Length.ShouldBe(3);

        static string Why(ConsentSubject subject, string token) => ConsentCheck.Of(subject, Given(token), "wipe it")!.Why!;
    }

    [Fact]
    public void The_command_survives_the_shell_whatever_the_key_is()
    {
        ConsentCheck.Command(Disk with { Key = "lamp/home" }).ShouldStartWith("./provision config set --path 'consent[\"lamp/home\"]' disk-");
        ConsentCheck.Command(Disk with { Key = "it's" }).ShouldStartWith("./provision config set --path 'consent[\"it'\\''s\"]' disk-");
    }

    private static ImmutableArray<ConsentFact> Facts((string? Name, string? Value, bool IsIdentity)[] facts) =>
        [.. facts.Select(fact => new ConsentFact(fact.Name ?? "", fact.Value ?? "", fact.IsIdentity))];
}
