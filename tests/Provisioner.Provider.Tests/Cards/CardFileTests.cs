using Grpc.Core;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Resources;
using Provisioner.Provider.Tests.Hosting;
using Provisioner.Provider.Tests.Remote;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Cards;

/// <summary>Cards in image files: no root, no mount, and the tools of the trade agree.</summary>
public sealed class CardFileTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Plugin _plugin = null!;
    private string _image = null!;
    private string _sha256 = null!;

    private string Card => _folder["lamp.img"];

    private ResourceProvider.ResourceProviderClient Client => _plugin.Client;

    public async ValueTask InitializeAsync()
    {
        _plugin = await Plugin.StartAsync(PropertyMap.Empty, [.. AllResources.Create()]);
        _image = await TestImage.MakeAsync(_folder);
        _sha256 = await TestImage.Sha256Async(_image);
    }

    public async ValueTask DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("zstd -q -k", ".zst")]
    [InlineData("xz -k -1", ".xz")]
    public async Task Sfdisk_fsck_and_tar_find_the_card_sound_and_the_first_partition_is_the_images(string program, string ending)
    {
        if (program.Length > 0)
        {
            await SdCardWorld.CompressAsync(_image, program);
        }

        await SdCardWorld.CreateAsync(Client, SdCardWorld.Inputs(_image + ending, await TestImage.Sha256Async(_image + ending), Card));

        var table = await Tool.RunAsync("/sbin/sfdisk", "-d", Card);
        table.ShouldContain("label-id: 0x2178694e");
        table.Split('\n').Count(line => line.StartsWith(Card, StringComparison.Ordinal)).ShouldBe(3);
        await Tool.RunAsync("/bin/sh", "-c", $"cmp -i 8388608 {_image} {Card} && /sbin/e2fsck -fn '{Card}?offset={TestImage.RootAt << 20}'");
        await Tool.RunAsync("/bin/sh", "-c", $"dd if={Card} of={_folder["p1"]} bs=1M skip=8 count={TestImage.FirmwareMiB} status=none && /sbin/fsck.vfat -n {_folder["p1"]}");
        await Tool.RunAsync("/bin/sh", "-c", $"dd if={Card} bs=1M skip=1 count=4 status=none | tar -x -C {_folder.Path} -f -");
        (await File.ReadAllTextAsync(_folder["etc/hostname"])).ShouldBe("lamp\n");
        (await File.ReadAllTextAsync(_folder["etc/NetworkManager/system-connections/card-Home WiFi.nmconnection"])).ShouldContain($"psk={Identities.WifiKey}\n");
        File.GetUnixFileMode(Card).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task What_is_zero_in_the_image_takes_no_room_in_the_file()
    {
        await SdCardWorld.CreateAsync(Client, SdCardWorld.Inputs(_image, _sha256, Card));

        var blocks = long.Parse(await Tool.RunAsync("stat", "-c", "%b", Card), provider: null);
        (blocks * 512).ShouldBeLessThan(new FileInfo(Card).Length / 2);
    }

    [Fact]
    public async Task Only_the_identity_is_written_when_only_that_changed_and_no_image_is_needed_for_it()
    {
        var inputs = SdCardWorld.Inputs(_image, _sha256, Card);
        var state = await SdCardWorld.CreateAsync(Client, inputs);
        File.Delete(_image);
        var before = SdCardWorld.Bytes(Card, CardLayout.IdentityEnd, 40 << 20);
        var bulb = SdCardWorld.Inputs(_image, _sha256, Card, "bulb");

        (await SdCardWorld.DiffAsync(Client, state, bulb)).ShouldBe(["hostname"]);
        state = await SdCardWorld.UpdateAsync(Client, state, inputs, bulb);

        CardSummary.Of(CardContents.Read(Card)).ShouldSatisfyAllConditions(card => card.Hostname.ShouldBe("bulb"), card => card.Condition.ShouldBe("bootable"), card => card.Problems.ShouldBeEmpty());
        SdCardWorld.Bytes(Card, CardLayout.IdentityEnd, 40 << 20).SequenceEqual(before).ShouldBeTrue();
        (await SdCardWorld.DriftAsync(Client, state, bulb)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_with_another_digest_makes_no_card_that_boots()
    {
        var failure = await Should.ThrowAsync<RpcException>(() => SdCardWorld.CreateAsync(Client, SdCardWorld.Inputs(_image, new string('a', 64), Card)));

        failure.Status.Detail.ShouldSatisfyAllConditions(text => text.ShouldContain(_sha256), text => text.ShouldContain("imageSha256"));
        CardContents.Read(Card).Condition.ShouldBe(CardCondition.Unfinished);
    }

    [Fact]
    public async Task An_image_that_breaks_off_is_told_before_the_card_is_touched()
    {
        await Tool.RunAsync("truncate", "-s", "30M", _image);

        var failure = await Should.ThrowAsync<RpcException>(async () => await SdCardWorld.CreateAsync(Client, SdCardWorld.Inputs(_image, await TestImage.Sha256Async(_image), Card)));

        failure.Status.Detail.ShouldContain("not whole");
        CardContents.Read(Card).Condition.ShouldBe(CardCondition.NoTable);
    }

    [Fact]
    public async Task A_compressed_image_that_breaks_off_makes_no_card_that_boots()
    {
        // How long it is shows only at its end.
        await Tool.RunAsync("truncate", "-s", "30M", _image);
        await SdCardWorld.CompressAsync(_image, "zstd -q -k");
        var image = _image + ".zst";

        var failure = await Should.ThrowAsync<RpcException>(async () => await SdCardWorld.CreateAsync(Client, SdCardWorld.Inputs(image, await TestImage.Sha256Async(image), Card)));

        failure.Status.Detail.ShouldContain("not whole");
        CardContents.Read(Card).Condition.ShouldBe(CardCondition.Unfinished);
    }

    [Fact]
    public async Task A_file_that_is_no_card_of_ours_needs_consent_to_be_overwritten()
    {
        await File.WriteAllTextAsync(Card, "holiday pictures");

        var failure = await Should.ThrowAsync<RpcException>(() => SdCardWorld.CreateAsync(Client, SdCardWorld.Inputs(_image, _sha256, Card)));
        failure.Status.Detail.ShouldContain("lost would be:");
        (await File.ReadAllTextAsync(Card)).ShouldBe("holiday pictures");
        var token = System.Text.RegularExpressions.Regex.Match(failure.Status.Detail, "card(-[0-9a-z]{4}){4}").Value;

        await SdCardWorld.CreateAsync(Client, SdCardWorld.Inputs(_image, _sha256, Card, consent: [("lamp.img", token)]));
        CardContents.Read(Card).Condition.ShouldBe(CardCondition.Bootable);
    }

    [Fact]
    public async Task The_card_of_another_machine_needs_consent_too()
    {
        await SdCardWorld.CreateAsync(Client, SdCardWorld.Inputs(_image, _sha256, Card));

        var failure = await Should.ThrowAsync<RpcException>(() => SdCardWorld.CreateAsync(Client, SdCardWorld.Inputs(_image, _sha256, Card, "bulb")));

        failure.Status.Detail.ShouldSatisfyAllConditions(text => text.ShouldContain("the card of lamp"), text => text.ShouldContain(Identities.Key.Fingerprint));
        CardSummary.Of(CardContents.Read(Card)).Hostname.ShouldBe("lamp");
    }

    [Fact]
    public async Task A_card_that_is_as_wanted_is_taken_over_without_a_byte_written()
    {
        var inputs = SdCardWorld.Inputs(_image, _sha256, Card);
        await SdCardWorld.CreateAsync(Client, inputs);
        var written = File.GetLastWriteTimeUtc(Card);

        var state = await SdCardWorld.CreateAsync(Client, inputs);

        File.GetLastWriteTimeUtc(Card).ShouldBe(written);
        (await SdCardWorld.DriftAsync(Client, state, inputs)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Drift_is_a_missing_card_a_changed_one_and_another_identity()
    {
        var inputs = SdCardWorld.Inputs(_image, _sha256, Card);
        var state = await SdCardWorld.CreateAsync(Client, inputs);
        (await SdCardWorld.DriftAsync(Client, state, inputs)).ShouldBeEmpty();

        await Tool.RunAsync("touch", Card);
        (await SdCardWorld.DriftAsync(Client, state, inputs)).ShouldBeEmpty("another time is no other content");
        await Poke(30 << 20);
        (await SdCardWorld.DriftAsync(Client, state, inputs)).ShouldBe(["content"]);
        await Poke(CardLayout.IdentityOffset + 600);
        (await SdCardWorld.DriftAsync(Client, state, inputs)).ShouldBe(["content", "identity"]);
        File.Delete(Card);
        (await SdCardWorld.DriftAsync(Client, state, inputs)).ShouldBe(["card"]);
    }

    [Fact]
    public async Task Neither_state_nor_messages_hold_a_secret_in_clear()
    {
        var inputs = SdCardWorld.Inputs(_image, _sha256, Card);
        var preview = await SdCardWorld.CreateAsync(Client, inputs, isPreview: true);
        File.Exists(Card).ShouldBeFalse();
        var state = await SdCardWorld.CreateAsync(Client, inputs);

        var everything = string.Join('\n', [preview.ToString(), state.ToString(), .. _plugin.Engine.Log.Select(entry => entry.Message)]);
        everything.ShouldContain("write the identity card");
        foreach (var secret in (string[])[SdCardWorld.Password, .. Identities.Secrets])
        {
            everything.ShouldNotContain(secret);
        }

        state["digestKey"].ShouldBeOfType<PropertyValue.Secret>();
    }

    [Fact]
    public async Task A_card_can_be_asked_whose_it_is()
    {
        await SdCardWorld.CreateAsync(Client, SdCardWorld.Inputs(_image, _sha256, Card));

        var answer = await Client.InvokeAsync(new InvokeRequest { Tok = "provisioner:index:readCard", Args = PropertyCodec.Encode(PropertyMap.Of(("path", Card))) });

        var card = PropertyCodec.Decode(answer.Return);
        card["hostname"].ShouldBe("lamp");
        card["fingerprint"].ShouldBe(Identities.Key.Fingerprint);
        card["imageSha256"].ShouldBe(_sha256);
        foreach (var secret in Identities.Secrets)
        {
            card.ToString().ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task A_password_inside_a_list_is_a_secret_although_the_program_did_not_say_so()
    {
        var checkedInputs = await Client.CheckAsync(new CheckRequest { Urn = SdCardWorld.Urn, News = PropertyCodec.Encode(SdCardWorld.Inputs(_image, _sha256, Card)) });

        var network = PropertyCodec.Decode(checkedInputs.Inputs)["networks"].ShouldBeOfType<PropertyValue.Array>().Items[0].ShouldBeOfType<PropertyValue.Object>().Properties;
        network["password"].ShouldBeOfType<PropertyValue.Secret>();
        network["ssid"].ShouldBe("Home WiFi");
    }

    [Theory]
    [InlineData("image", "card.iso", "image")]
    [InlineData("imageSha256", "abc", "sha256sum")]
    [InlineData("target", "/dev/disk/by-id/usb-x-part1", "whole disk")]
    [InlineData("hostname", "Lamp", "capitals")]
    [InlineData("hostId", "00000000", "hex")]
    [InlineData("hostKey", "hunter2hunter2", "OpenSSH")]
    public async Task A_bad_input_is_named_with_the_way_out(string property, string value, string hint)
    {
        var response = await Client.CheckAsync(new CheckRequest { Urn = SdCardWorld.Urn, News = PropertyCodec.Encode(SdCardWorld.Inputs(_image, _sha256, Card).With(property, value)) });

        var failure = response.Failures.ShouldHaveSingleItem();
        failure.Property.ShouldBe(property);
        failure.Reason.ShouldContain(hint);
        failure.Reason.ShouldNotContain("hunter2");
    }

    private async Task Poke(long offset)
    {
        await using var file = File.OpenWrite(Card);
        file.Position = offset;
        file.WriteByte(0xa5);
    }
}
