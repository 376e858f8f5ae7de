using System.Security.Cryptography;
using System.Text;

namespace Provisioner.Provider.Remote.Claims;

/// <summary>Who changes a device: one stack at one workstation. The engine lets nobody else change that stack meanwhile, so that a run after one that was killed is the same operator and goes on at once.</summary>
/// <param name="Token">32 hex digits, the same for the same stack in the same folder of the same user and workstation.</param>
/// <param name="Name">For people: <c>ada@desk, stack dev of lamp</c>.</param>
internal sealed record Operator(string Token, string Name)
{
    /// <summary>The operator of a resource: this process's user, in this folder, on this machine.</summary>
    /// <param name="urn"><c>urn:pulumi:stack::project::type::name</c>.</param>
    public static Operator Of(string urn)
    {
        var (stack, project) = urn.Split("::") is [var first, var second, ..] ? (first[(first.LastIndexOf(':') + 1)..], second) : ("", "");
        var who = $"{Environment.UserName}@{Environment.MachineName}";
        var all = string.Join('\0', who, Environment.CurrentDirectory, project, stack);
        return new Operator(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..32], $"{who}, stack {stack} of {project}");
    }
}
