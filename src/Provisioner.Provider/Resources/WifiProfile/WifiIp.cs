using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>Addresses and DNS of one version of IP, by NetworkManager's names.</summary>
[Doc("Addresses and DNS of one version of IP, by NetworkManager's names. A change of them is made under the watchdog, and confirmed at the new address.")]
internal sealed record WifiIp
{
    [Doc("Where the addresses come from.")]
    public WifiIpMethod Method { get; init; } = WifiIpMethod.Auto;

    [Doc("Addresses with the length of their prefix, such as `192.168.1.30/24`; with auto they are used beside the network's own. The first is where the device is looked for after a change.")]
    public ImmutableArray<string> Addresses { get; init; } = [];

    [Doc("The router; needs an address.")]
    public string? Gateway { get; init; }

    [Doc("Name servers.")]
    public ImmutableArray<string> Dns { get; init; } = [];

    [Doc("Domains in which names are looked for.")]
    public ImmutableArray<string> DnsSearch { get; init; } = [];

    [Doc("Whether the name servers and domains that the network itself gives are left out.")]
    public bool IgnoreAutoDns { get; init; }
}

/// <summary>Where addresses come from. <c>shared</c> is none: it makes a network and joins none.</summary>
internal enum WifiIpMethod
{
    [Doc("From the network: DHCP, or router advertisements.")]
    Auto,

    [Doc("Those that are given, and no others.")]
    Manual,

    [WireName("link-local")]
    [Doc("An address that is valid on this network alone.")]
    LinkLocal,

    [Doc("None: this version of IP is off.")]
    Disabled,
}
